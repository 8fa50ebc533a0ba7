import { matchesGlob } from '@flotilla/foundation';
import type { NotifierDocument } from './documents/notifier.ts';

/** What a notifier goes by in a line of the ledger. */
export interface TellableLine {
  readonly action: string;
  readonly subject: string;
}

/** Whether a notifier tells of a line. */
export function tellsOf({ when, subjects }: NotifierDocument['spec'], { action, subject }: TellableLine): boolean {
  const isMeant = when.some((glob) => matchesGlob(action, glob));
  return isMeant && (subjects?.some((glob) => matchesGlob(subject, glob)) ?? true);
}
