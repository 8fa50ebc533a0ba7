import { operations, type EventView } from '@flotilla/contracts';
import { ageText } from './cells.ts';
import { defineNoun } from './noun.ts';

/** One line of the ledger: who did what to which object, and when. */
export const event = defineNoun<EventView>({
  singular: 'event',
  plural: 'events',
  short: ['ev'],
  endless: true,
  newestLast: true,
  columns: [
    { header: 'AGE', moving: true, text: ({ at }, now) => ageText(at, now) },
    { header: 'AT', wide: true, text: ({ at }) => at },
    { header: 'LINE', wide: true, text: ({ seq }) => seq?.toString() ?? '' },
    { header: 'ACTOR', text: ({ actor }) => actor },
    { header: 'ACTION', text: ({ action }) => action },
    { header: 'SUBJECT', text: ({ subject }) => subject },
    { header: 'MESSAGE', text: ({ message }) => message },
  ],
  filters: {
    subject: ({ subject }) => subject,
    actor: ({ actor }) => actor,
    action: ({ action }) => action,
  },
  nameOf: ({ id }) => id,
  uidOf: ({ id }) => id,
  list: ({ client, project }, query) => client.list(operations.listEvents, { params: { project }, query }),
  watched: { kinds: ['event'], read: (_, object) => object as EventView },
});
