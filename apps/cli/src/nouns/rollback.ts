import { operations, type RollbackView, type RolloutView } from '@flotilla/contracts';
import { rollbackPage, selectionText } from '../rollbacks/rollback-page.ts';
import { arrivalColumns } from './arrival-columns.ts';
import { ageColumn, nameColumn } from './cells.ts';
import { AskFor, defineNoun } from './noun.ts';

/** An order to go back, and how far it has come. */
export const rollback = defineNoun<RollbackView>({
  singular: 'rollback',
  plural: 'rollbacks',
  short: ['rb'],
  endless: true,
  columns: [
    nameColumn,
    ...arrivalColumns,
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
  // How far it has come is what its rollouts say: no stream carries the order itself.
  watched: { kinds: ['rollout'], read: (_, object) => orderOf(object as RolloutView) },
  page: async ({ world }, item) => rollbackPage(item, world.clock.now()),
});

function orderOf({ spec: { rollback: uid } }: RolloutView): AskFor | undefined {
  return uid === undefined ? undefined : new AskFor(uid);
}
