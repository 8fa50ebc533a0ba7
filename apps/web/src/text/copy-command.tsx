import { Button, Code, CopyButton } from '@mantine/core';
import styles from './text.module.css';
import { visibleText } from './visible-text.ts';

/** A command of the CLI, ready to be copied into a terminal. */
export function CopyCommand({ command }: { readonly command: string }) {
  return (
    <div className={styles.command}>
      <Code>{visibleText(command)}</Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button
            size="compact-xs"
            variant="default"
            onClick={copy}
            aria-label={`${copied ? 'Copied' : 'Copy'}: ${visibleText(command)}`}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
