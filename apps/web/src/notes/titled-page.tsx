import { Group, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface TitledPageProps {
  readonly title: string;
  /** What stands before the heading: the way back. */
  readonly above?: ReactNode;
  /** What stands at the other end of the heading's line. */
  readonly beside?: ReactNode;
  readonly gap?: 'md' | 'lg';
  readonly children: ReactNode;
}

/** A page under its name, which is its first heading and what the tab says. */
export function TitledPage({ title, above, beside, gap = 'md', children }: TitledPageProps) {
  return (
    <Stack gap={gap}>
      <title>{`${title} · Flotilla`}</title>
      {above}
      <Group justify="space-between" align="baseline">
        <Title order={1} size="h2">
          {title}
        </Title>
        {beside}
      </Group>
      {children}
    </Stack>
  );
}
