import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './notes.module.css';

/** What a page is about, and beside it, or on a narrow screen below, what helps with it. */
export function TwoColumns({ children, beside }: { readonly children: ReactNode; readonly beside: ReactNode }) {
  return (
    <div className={styles.columns}>
      <Stack gap="xl" miw={0}>
        {children}
      </Stack>
      <Stack gap="xl" miw={0}>
        {beside}
      </Stack>
    </div>
  );
}
