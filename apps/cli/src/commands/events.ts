import { declareGet, getThings, type GetOptions } from './get.ts';
import { event } from '../nouns/event.ts';
import { readFilters } from '../nouns/filters.ts';
import type { Filters, Noun } from '../nouns/noun.ts';
import { project as projectNoun } from '../nouns/project.ts';
import { readNamed } from '../nouns/read-subject.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';

interface EventsOptions extends GetOptions {
  readonly for?: string;
}

/** Who did what, and when: the ledger, newest last. */
export const events = defineVerb<EventsOptions>({
  examples: ['events', 'events -w', 'events --for target/checkout.production.eu-1', 'events --limit 500 -o json'],
  declare: (command) => {
    declareGet(command);
    command.option('--for <noun/name>', 'about one thing');
  },
  run: async (session, _, options) => {
    const filters = { ...readFilters(event, options), ...(await subjectOf(session, options.for)) };
    await getThings(session, { noun: event, names: [], filters, options });
  },
});

/** The ledger names things as documents are named: `Target default/checkout.dev.eu-1`. */
export async function subjectOf(session: Session, text: string | undefined): Promise<Filters> {
  if (text === undefined) return {};
  const { noun, names } = readNamed(text.split(/\s+/));
  const kind = kindOf(noun);
  const { project } = await session.api();
  return { subject: noun === projectNoun ? `${kind} ${names[0]}` : `${kind} ${project}/${names[0]}` };
}

function kindOf({ singular }: Noun): string {
  return singular.charAt(0).toUpperCase() + singular.slice(1);
}
