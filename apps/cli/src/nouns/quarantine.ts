import { operations, type QuarantineView } from '@flotilla/contracts';
import { ageColumn, nameColumn } from './cells.ts';
import { defineNoun } from './noun.ts';

/** A source digest that enters nowhere any more. */
export const quarantine = defineNoun<QuarantineView>({
  singular: 'quarantine',
  plural: 'quarantines',
  short: ['qu'],
  endless: true,
  columns: [
    nameColumn,
    { header: 'APPLICATION', text: ({ spec }) => spec.application },
    { header: 'DIGEST', text: ({ spec }) => spec.digest },
    { header: 'BY', text: ({ status }) => status.by },
    { header: 'REASON', text: ({ status }) => status.reason },
    ageColumn,
  ],
  filters: {},
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listQuarantine, { params: { project }, query }),
});
