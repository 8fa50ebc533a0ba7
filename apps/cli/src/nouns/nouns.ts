import { Fault, nearest } from '@flotilla/foundation';
import { application } from './application.ts';
import { cluster } from './cluster.ts';
import { deadLetter } from './dead-letter.ts';
import { deployment } from './deployment.ts';
import { environment } from './environment.ts';
import { event } from './event.ts';
import { freeze } from './freeze.ts';
import type { Noun } from './noun.ts';
import { notifier } from './notifier.ts';
import { pipeline } from './pipeline.ts';
import { project } from './project.ts';
import { quarantine } from './quarantine.ts';
import { release } from './release.ts';
import { repair } from './repair.ts';
import { repository } from './repository.ts';
import { revision } from './revision.ts';
import { rollback } from './rollback.ts';
import { rollout } from './rollout.ts';
import { stage } from './stage.ts';
import { target } from './target.ts';
import { token } from './token.ts';

/** Everything that can be named: a new noun is one file and one line here. */
export const nouns: readonly Noun[] = [
  target,
  application,
  environment,
  pipeline,
  freeze,
  notifier,
  repository,
  cluster,
  project,
  stage,
  rollout,
  rollback,
  quarantine,
  release,
  revision,
  deployment,
  repair,
  event,
  deadLetter,
  token,
];

/** Everything that a verb is for, as its help names it. */
export function nounsText(allowed: readonly Noun[] = nouns): string {
  return allowed.map(({ singular, plural }) => (allowed === nouns ? plural : singular)).join(', ');
}

/** The noun that a word means, in any of its forms; only some of them where a verb is not for all. */
export function nounNamed(word: string, allowed: readonly Noun[] = nouns): Noun {
  const noun = nouns.find((candidate) => formsOf(candidate).includes(word.toLowerCase()));
  if (noun && allowed.includes(noun)) return noun;
  throw new Fault({ code: 'invalid', reason: 'NounUnknown', message: whyNot(word, noun, allowed) });
}

function formsOf({ singular, plural, short }: Noun): string[] {
  return [singular, plural, ...short];
}

function whyNot(word: string, noun: Noun | undefined, allowed: readonly Noun[]): string {
  const names = nounsText(allowed);
  if (noun) return `this is not for ${noun.plural}; it is for: ${names}`;
  if (/^(credentials?|secrets?)$/i.test(word)) return 'credentials can be replaced, but never read nor listed';
  const near = nearest(word, allowed.flatMap(formsOf));
  return near ? `there is no \`${word}\`; did you mean ${near}?` : `there is no \`${word}\`; there are: ${names}`;
}
