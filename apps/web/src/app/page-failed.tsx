import { toFault } from '@flotilla/foundation';
import { ProblemNote } from '../notes/problem-note.tsx';

/** A defect of ours: the page says so instead of going blank. */
export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const problem = `This page broke: ${toFault(error).message}. Please report it.`;
  return <ProblemNote problem={problem} action={{ label: 'Try again', run: reset }} />;
}
