import { Button, Code, CopyButton, Group } from '@mantine/core';
import { visibleText } from './visible-text.ts';

/** A command of the CLI, ready to be copied into a terminal. */
export function CopyCommand({ command }: { readonly command: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <Code style={{ overflowWrap: 'anywhere' }}>{visibleText(command)}</Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy: ${command}`}>
            <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
