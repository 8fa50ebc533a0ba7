import { candidatesFor } from '../completion/candidates-for.ts';
import { readHalfTyped } from '../completion/half-typed.ts';
import { readFlags } from '../flags.ts';
import { visible } from '../output/visible.ts';
import { defineVerb, type Candidate, type Verb, type VerbChapter } from '../program/verb.ts';
import { Session } from '../session.ts';

/** Nobody waits longer than this for a word to complete itself. */
const patienceMs = 2_000;

/** What a shell asks while somebody types. It answers with what it knows, and never with an error. */
export function completeFrom(chapters: readonly VerbChapter[]): Verb {
  return defineVerb({
    examples: ['__complete get tar'],
    declare: (command) => void command.argument('[word...]'),
    run: async ({ world }, words) => {
      const begun = words.at(-1) ?? '';
      const typed = await readHalfTyped(chapters, words.slice(0, -1));
      const signal = AbortSignal.any([world.signal, AbortSignal.timeout(patienceMs)]);
      const flags = { ...readFlags({}, typed.said), quiet: true };
      const session = new Session({ world: { ...world, signal }, flags });
      const candidates = await candidatesFor(session, typed, begun).catch((): Candidate[] => []);
      const fitting = candidates.filter(({ text }) => text.startsWith(begun));
      session.print(fitting.map(lineOf).join(''));
    },
  });
}

function lineOf({ text, about }: Candidate): string {
  return `${visible(text)}${about ? `\t${visible(about)}` : ''}\n`;
}
