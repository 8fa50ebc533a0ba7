import type { Option } from 'commander';
import { application } from '../nouns/application.ts';
import { cluster } from '../nouns/cluster.ts';
import { environment } from '../nouns/environment.ts';
import type { Noun } from '../nouns/noun.ts';
import { project } from '../nouns/project.ts';
import { repository } from '../nouns/repository.ts';
import { formatNames } from '../output/format.ts';
import { contextNames, namesOf } from '../program/candidates.ts';
import type { Candidate } from '../program/verb.ts';
import type { Session } from '../session.ts';
import type { HalfTyped } from './half-typed.ts';

/** Options whose value is the name of something, wherever they are offered. */
const named: Readonly<Record<string, Noun>> = { application, environment, cluster, repository, project };

/** What may be typed next; `begun` is what stands there already. */
export async function candidatesFor(session: Session, typed: HalfTyped, begun: string): Promise<readonly Candidate[]> {
  const { verb, verbs, options, valueOf, args } = typed;
  if (valueOf) return valuesOf(session, valueOf);
  if (begun.startsWith('-')) {
    return options
      .filter(({ hidden }) => !hidden)
      .map(({ long, description }) => ({ text: long!, about: description }));
  }
  if (verb) return (await verb.complete?.(session, args)) ?? [];
  return verbs
    .filter((entry) => !('hidden' in entry && entry.hidden))
    .map(({ name, summary }) => ({ text: name, about: summary }));
}

async function valuesOf(session: Session, option: Option): Promise<readonly Candidate[]> {
  const name = option.attributeName();
  if (option.argChoices) return option.argChoices.map((text) => ({ text }));
  if (name === 'context') return contextNames(session, []);
  if (name === 'output') return formatNames.map((text) => ({ text }));
  const noun = named[name];
  return noun ? namesOf(session, noun) : [];
}
