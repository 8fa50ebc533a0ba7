import type { ReactNode } from 'react';
import { useLine } from '../live/live-context.tsx';
import type { Known } from '../live/live-state.ts';
import { LoadingRows } from './loading-rows.tsx';
import { ProblemNote } from './problem-note.tsx';

interface WhenKnownProps {
  readonly what: string;
  readonly kinds: readonly Known<unknown>[];
  readonly children: ReactNode;
}

/** Shows what is below once something can be said; until then that it is on its way, or why it does not come. */
export function WhenKnown({ what, kinds, children }: WhenKnownProps) {
  const line = useLine();
  if (kinds.every(({ known }) => known)) return children;
  if (line.phase !== 'cut') return <LoadingRows what={what} />;
  return <ProblemNote problem={`Nothing is known yet: ${line.problem}. It is tried again all the time.`} />;
}
