import { Button } from '@mantine/core';
import { visibleText } from '../text/visible-text.ts';
import { Notice } from './notice.tsx';

interface ProblemNoteProps {
  /** One sentence: what is wrong. */
  readonly problem: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** Something went wrong: one sentence, and the way out. */
export function ProblemNote({ problem, action }: ProblemNoteProps) {
  return (
    <div role="alert">
      <Notice tone="bad" icon="cross">
        {visibleText(problem)}
        {action && (
          <Button size="xs" variant="default" onClick={action.run}>
            {action.label}
          </Button>
        )}
      </Notice>
    </div>
  );
}
