import { expect, it } from 'vitest';
import { notifierProblems } from './check-notifier.ts';
import { notifierSchema } from './notifier.ts';

/** What is wrong with a notifier that waits for these. */
function problemsOf(...when: readonly string[]): string[] {
  const to = { slack: { address: 'team' } };
  const written = { apiVersion: 'fleet.flotilla.dev/v1alpha1', kind: 'Notifier', metadata: { name: 'on-call' } };
  const notifier = notifierSchema.parse({ ...written, spec: { when, to } });
  return notifierProblems(notifier).map(({ path, message }) => `${path.join('.')} ${message}`);
}

it('a notifier waits for what the ledger says, by its name or by a part of it', () => {
  expect(problemsOf('rollout.halt', 'freeze.*', '*.fail', '*.*', 'cluster.enrol-refused', 'roll*.*')).toEqual([]);
});

it('what the ledger never says is refused with what there is, for nobody would be called', () => {
  expect(problemsOf('drift.find', 'rollout.halted', 'repair.conflict', 'alarm.ring')).toEqual([
    'spec.when.1 the ledger never says rollout.halted; of rollout there are rollout.abort, rollout.finish, rollout.halt, rollout.pause, rollout.resume, rollout.retry, rollout.skip, rollout.start',
    'spec.when.2 the ledger never says repair.conflict; of repair there are repair.fail, repair.merge, repair.open, repair.push',
    'spec.when.3 the ledger never says alarm.ring; flotilla events -o wide shows some',
  ]);
});
