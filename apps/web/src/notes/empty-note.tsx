import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyCommand } from '../text/copy-command.tsx';
import styles from './notes.module.css';

interface EmptyNoteProps {
  readonly title: string;
  readonly children: ReactNode;
  /** 1 where it is the whole page. */
  readonly level?: 1 | 2;
  /** What to type next, where a command would fill the emptiness. */
  readonly command?: string;
}

/** There is nothing, and here is how something comes. */
export function EmptyNote({ title, level = 2, children, command }: EmptyNoteProps) {
  return (
    <Stack className={styles.empty} gap="xs" align="center">
      <Title order={level} size="h4">
        {title}
      </Title>
      <Text size="sm" maw="36rem" ta="center">
        {children}
      </Text>
      {command && <CopyCommand command={command} />}
    </Stack>
  );
}
