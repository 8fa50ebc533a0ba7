import { actionsMeant } from '../ledger-action.ts';
import type { FieldProblem } from './check-templates.ts';
import type { NotifierDocument } from './notifier.ts';

/** What a notifier waits for that is never said: whoever wrote it believes that somebody is called. */
export function notifierProblems({ spec: { when } }: NotifierDocument): FieldProblem[] {
  return when.flatMap((glob, place) => {
    if (actionsMeant(glob).length > 0) return [];
    const [noun = ''] = glob.split('.');
    const near = actionsMeant(`${noun}.*`).join(', ');
    const known = near === '' ? 'flotilla events -o wide shows some' : `of ${noun} there are ${near}`;
    return [{ path: ['spec', 'when', place], message: `the ledger never says ${glob}; ${known}` }];
  });
}
