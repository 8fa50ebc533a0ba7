import { someNames } from '../nouns/find-item.ts';
import type { Noun } from '../nouns/noun.ts';
import { nounNamed, nouns } from '../nouns/nouns.ts';
import type { Session } from '../session.ts';
import { configPath, readConfig } from '../settings/config-file.ts';
import type { Candidate } from './verb.ts';

type Complete = (session: Session, args: readonly string[]) => Promise<readonly Candidate[]>;

/** A noun, and then names of such things: what most verbs take. */
export function nounThenNames(allowed: readonly Noun[] = nouns): Complete {
  return async (session, [word, ...named]) => {
    if (word === undefined) return allowed.map((noun) => ({ text: allowed === nouns ? noun.plural : noun.singular }));
    const names = await namesOf(session, nounNamed(word, allowed));
    return names.filter(({ text }) => !named.includes(text));
  };
}

export async function namesOf(session: Session, noun: Noun): Promise<Candidate[]> {
  const names = await someNames(await session.api(), noun);
  return names.map((text) => ({ text }));
}

/** Contexts, where one has to be named. */
export const contextNames: Complete = async (session, args) => {
  if (args.length > 0) return [];
  const { contexts } = await readConfig(configPath(session.world.environment));
  return contexts.map(({ name, server }) => ({ text: name, about: server }));
};
