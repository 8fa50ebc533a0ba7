import { Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import styles from './notes.module.css';

/** A part of a page under its own heading, which a screen reader can jump to. */
export function Section({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <Title order={2} size="h4" id={heading}>
        {title}
      </Title>
      {children}
    </section>
  );
}
