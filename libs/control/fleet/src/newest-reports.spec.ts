import { expect, it } from 'vitest';
import { noFence, type HealthStatus, type TargetStatus } from '@flotilla/model';
import { newestItems } from './newest-reports.ts';
import type { ReportHeard } from './statuses.port.ts';

const item = (target: string, health: HealthStatus): TargetStatus => ({
  target,
  generation: 1,
  sync: 'Synced',
  health,
  since: '2026-01-01T00:00:00.000Z',
  resources: [],
});
const report = (cluster: string, number: number, ...items: TargetStatus[]): ReportHeard => ({
  cluster,
  number,
  fence: noFence,
  instance: 'i',
  leaseTransitions: 1,
  items,
  statusDigest: '',
});

it('of two words about a target the later one counts; what two clusters say of one target stays apart', () => {
  const batch = [
    report('c1', 1, item('t1', 'Progressing'), item('t2', 'Healthy')),
    report('c2', 9, item('t1', 'Missing')),
    report('c1', 2, item('t1', 'Healthy'), item('t1', 'Degraded')),
  ];
  expect(
    newestItems(batch).map(({ report: { cluster, number }, item: { target, health } }) => [
      cluster,
      number,
      target,
      health,
    ]),
  ).toEqual([
    ['c1', 2, 't1', 'Degraded'],
    ['c1', 1, 't2', 'Healthy'],
    ['c2', 9, 't1', 'Missing'],
  ]);
  expect(newestItems([])).toEqual([]);
});
