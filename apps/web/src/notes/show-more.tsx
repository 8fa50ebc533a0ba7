import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface ShowMoreProps<Item> {
  readonly items: readonly Item[];
  /** What the items are called: `targets`. */
  readonly what: string;
  readonly step?: number;
  readonly children: (shown: readonly Item[]) => ReactNode;
}

/** The first items of a list that may be very long, and a way to more of them. */
export function ShowMore<Item>({ items, what, step = 100, children }: ShowMoreProps<Item>) {
  const [shown, setShown] = useState(step);
  const more = Math.min(step, items.length - shown);
  return (
    <>
      {children(items.slice(0, shown))}
      {more > 0 && (
        <Group justify="center" p="md">
          <Text size="sm">
            {shown} of {items.length} {what} are shown
          </Text>
          <Button variant="default" size="xs" onClick={() => setShown(shown + step)}>
            Show {more} more
          </Button>
        </Group>
      )}
    </>
  );
}
