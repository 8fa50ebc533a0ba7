import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';

/** Room for rows that are on their way. */
export function LoadingRows({ what, rows = 6 }: { readonly what: string; readonly rows?: number }) {
  return (
    <Stack gap="sm" component="output">
      <VisuallyHidden>Loading {what}…</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={36} />
      ))}
    </Stack>
  );
}
