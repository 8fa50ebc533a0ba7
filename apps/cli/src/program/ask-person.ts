import { Fault } from '@flotilla/foundation';
import type { Session } from '../session.ts';

/**
 * Lets a person at a keyboard say yes before something is done that cannot be undone. A script is never asked: it has to
 * say `--yes`, so that nothing waits for a key that nobody presses.
 */
export async function askPerson({ world }: Session, question: string): Promise<boolean> {
  if (!world.stdin.isTerminal || !world.stderr.isTerminal) {
    const message = `${question}: there is nobody to ask; say --yes to go on`;
    throw new Fault({ code: 'invalid', reason: 'NotConfirmed', message });
  }
  world.stderr.write(`${question}? [y/N] `);
  return /^y(es)?$/i.test((await world.stdin.line()).trim());
}
