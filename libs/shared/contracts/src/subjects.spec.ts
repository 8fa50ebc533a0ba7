import { describe, expect, it } from 'vitest';
import { clusterOfSubject, subjects } from './subjects.ts';

describe('subjects', () => {
  it('are built in one place, each of them', () => {
    expect({
      up: subjects.up('c1', 'report'),
      upFromAll: subjects.upFromAll('hello'),
      upOf: subjects.upOf('c1'),
      upEverything: subjects.upEverything(),
      down: subjects.down('c1', 'set'),
      downToOne: subjects.downToOne('c1'),
      downEverything: subjects.downEverything(),
      control: subjects.control('status', 'join'),
      wake: subjects.wake('plan'),
      changed: subjects.changed('target'),
    }).toEqual({
      up: 'fleet.c1.up.report',
      upFromAll: 'fleet.*.up.hello',
      upOf: 'fleet.c1.up.>',
      upEverything: 'fleet.*.up.>',
      down: 'fleet.c1.down.set',
      downToOne: 'fleet.c1.down.>',
      downEverything: 'fleet.*.down.>',
      control: 'ctl.status.join',
      wake: 'ctl.wake.plan',
      changed: 'ctl.changed.target',
    } satisfies Record<keyof typeof subjects, string>);
  });
});

describe('the cluster of a subject', () => {
  it.each([
    ['fleet.c1.up.hello', 'c1'],
    ['fleet.c1.down.set', 'c1'],
    ['fleet.c1', undefined],
    ['fleet.c1.sideways.hello', undefined],
    ['ctl.c1.up.hello', undefined],
    ['xfleet.c1.up.hello', undefined],
    ['', undefined],
  ])('%s: %s', (subject, cluster) => expect(clusterOfSubject(subject)).toBe(cluster));
});
