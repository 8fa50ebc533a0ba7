import { Fault } from '@flotilla/foundation';
import type { Noun } from './noun.ts';
import { nounNamed } from './nouns.ts';

/** What a call is about: a noun, and names where any were given. */
export interface Subject {
  readonly noun: Noun;
  readonly names: readonly string[];
}

/** Reads `target a b` and `target/a target/b`, the two ways in which kubectl's users name things. */
export function readSubject(args: readonly string[], allowed?: readonly Noun[]): Subject {
  const [first = '', ...rest] = args;
  if (!args.some((arg) => arg.includes('/'))) return { noun: nounNamed(first, allowed), names: rest };
  const pairs = args.map((arg) => {
    const [word = '', name = '', ...more] = arg.split('/');
    if (!word || !name || more.length > 0) throw mixed(arg);
    return { noun: nounNamed(word, allowed), name };
  });
  const [{ noun }] = pairs as [(typeof pairs)[number]];
  if (pairs.some((pair) => pair.noun !== noun)) throw mixed(args.join(' '));
  return { noun, names: pairs.map(({ name }) => name) };
}

/** The same where a name has to be given. */
export function readNamed(args: readonly string[], allowed?: readonly Noun[]): Subject {
  const subject = readSubject(args, allowed);
  if (subject.names.length > 0) return subject;
  throw invalid(`which ${subject.noun.singular}? Name it, as in: ${subject.noun.singular} NAME`);
}

function mixed(text: string): Fault {
  return invalid(`\`${text}\` is not understood; write NOUN NAME… or NOUN/NAME…, of one noun at a time`);
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'ArgumentsInvalid', message });
}
