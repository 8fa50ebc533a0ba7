import { operations, type RollbackView } from '@flotilla/contracts';
import { rollbackPage, selectionText } from '../rollbacks/rollback-page.ts';
import { ageColumn, nameColumn, toneOf } from './cells.ts';
import { defineNoun } from './noun.ts';

/** An order to go back, and how far it has come. */
export const rollback = defineNoun<RollbackView>({
  singular: 'rollback',
  plural: 'rollbacks',
  short: ['rb'],
  endless: true,
  columns: [
    nameColumn,
    { header: 'STATE', text: ({ status }) => status.state, tone: ({ status }) => toneOf(status.state) },
    { header: 'ARRIVED', text: ({ status }) => `${status.arrived}/${status.total}` },
    {
      header: 'FAILING',
      text: ({ status }) => String(status.failing),
      tone: ({ status }) => (status.failing > 0 ? 'bad' : undefined),
    },
    { header: 'HELD', text: ({ status }) => String(status.held) },
    { header: 'OF', text: ({ spec }) => selectionText(spec.selection) },
    { header: 'TO', text: ({ spec }) => spec.to },
    { header: 'BY', wide: true, text: ({ spec }) => spec.by },
    { header: 'REASON', text: ({ spec }) => spec.reason },
    ageColumn,
  ],
  filters: {},
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listRollbacks, { params: { project }, query }),
  find: async ({ client, project }, uid) => client.call(operations.getRollback, { params: { project, uid } }),
  page: async ({ world }, item) => rollbackPage(item, world.clock.now()),
});
