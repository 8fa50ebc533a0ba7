import { operations, type DeadLetterView } from '@flotilla/contracts';
import { ageText } from './cells.ts';
import { defineNoun } from './noun.ts';

/** What could not be handled: a message of an agent that was dropped, or work that is not looked at any more. */
export const deadLetter = defineNoun<DeadLetterView>({
  singular: 'deadletter',
  plural: 'deadletters',
  short: ['dl'],
  endless: true,
  columns: [
    { header: 'ID', text: ({ id }) => id },
    { header: 'SUBJECT', text: ({ subject }) => subject },
    { header: 'CLUSTER', text: ({ cluster = '' }) => cluster },
    { header: 'REASON', text: ({ reason }) => reason },
    { header: 'COUNT', text: ({ count }) => String(count) },
    { header: 'BYTES', wide: true, text: ({ bytes }) => String(bytes) },
    { header: 'FIRST', wide: true, text: ({ firstAt }) => firstAt },
    { header: 'AGE', moving: true, text: ({ lastAt }, now) => ageText(lastAt, now) },
    { header: 'MESSAGE', wide: true, text: ({ message }) => message },
  ],
  filters: {},
  nameOf: ({ id }) => id,
  uidOf: ({ id }) => id,
  list: ({ client, project }, query) => client.list(operations.listDeadLetters, { params: { project }, query }),
});
