import { event } from '../nouns/event.ts';
import { readFilters } from '../nouns/filters.ts';
import type { Filters } from '../nouns/noun.ts';
import { readMoment } from '../program/read-moment.ts';
import { defineVerb } from '../program/verb.ts';
import { subjectOf } from './events.ts';
import { declareGet, getThings, type GetOptions } from './get.ts';

interface ListOptions extends GetOptions {
  readonly for?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Who did what, narrowed as an auditor asks: about one thing, by one person, of one kind, in a span of time. */
export const ledgerList = defineVerb<ListOptions>({
  examples: [
    'ledger list --actor user:ann --since "24h ago"',
    'ledger list --action target.suspend --limit 0 -o json',
    'ledger list --for application/checkout --since 2026-01-01 --until 2026-02-01 -o wide',
  ],
  declare: (command) => {
    declareGet(command);
    command
      .option('--for <noun/name>', 'about one thing')
      .option('--actor <actor>', 'by one person or part, such as user:ann')
      .option('--action <action>', 'of one kind, target.suspend, or about one noun, target')
      .option('--since <time>', 'from then on: 2h ago, or ISO 8601')
      .option('--until <time>', 'before then');
  },
  run: async (session, _, options) => {
    const { actor, action, since, until } = options;
    const filters: Filters = {
      ...readFilters(event, options),
      ...(await subjectOf(session, options.for)),
      ...(actor !== undefined && { actor }),
      ...(action !== undefined && { action }),
      ...(since !== undefined && { since: readMoment(since, session.now()) }),
      ...(until !== undefined && { until: readMoment(until, session.now()) }),
    };
    await getThings(session, { noun: event, names: [], filters, options });
  },
});
