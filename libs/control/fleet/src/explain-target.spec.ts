import { describe, expect, it } from 'vitest';
import type { Connection, DesiredEntry } from '@flotilla/model';
import { explainTarget } from './explain-target.ts';
import type { ReportedStatus, TargetReading, WaitingWork } from './fleet-reader.port.ts';

const since = new Date('2026-01-01T08:00:00Z');
const later = new Date('2026-01-01T08:05:00Z');
const iso = { since: since.toISOString(), later: later.toISOString() };

const entry: DesiredEntry = {
  target: 't1',
  project: 'shop',
  application: 'checkout',
  environment: 'dev',
  generation: 7,
  intent: 'run',
  release: 'r1',
  sourceDigest: 'd',
  namespace: 'checkout',
  source: { url: 'https://git.example.org/shop.git', revision: '1'.repeat(40), path: 'dev', also: [] },
  sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
};
const status: ReportedStatus = { generation: 7, sync: 'Synced', health: 'Healthy', since, reportedAt: since };

const target = (over: Partial<TargetReading> = {}): TargetReading => ({
  uid: 't1',
  cluster: 'c1',
  createdAt: since,
  entry,
  connection: 'Connected',
  lastSeenAt: since,
  status,
  ...over,
});
const silent = (connection: Connection) => ({ connection, lastSeenAt: since });
const { status: _, ...unreported } = target();
const failed = (kind: string, until?: string): WaitingWork => ({
  kind,
  since,
  nextTry: later,
  error: { reason: 'Broken', message: 'it broke', ...(until && { until }) },
});

describe('every waiting target says what it waits for, since when, who can act and when it is tried again', () => {
  it.each<[string, TargetReading, WaitingWork[], unknown[]]>([
    ['nothing', target(), [], [{ state: 'runs 11111111; nothing waits' }]],
    [
      'work that only waits its turn',
      target(),
      [{ kind: 'repository', since }],
      [{ state: 'runs 11111111; nothing waits' }],
    ],
    [
      'a repository that cannot be read',
      target(),
      [failed('repository')],
      [{ state: 'reading the repository failed', blockedBy: 'Broken: it broke', since: iso.since, nextTry: iso.later }],
    ],
    [
      'a plan that a person has to mend',
      target(),
      [failed('plan', 'the path exists')],
      [
        {
          state: 'planning the application failed',
          blockedBy: 'Broken: it broke',
          since: iso.since,
          whoCanAct: 'a person: until the path exists',
          nextTry: iso.later,
        },
      ],
    ],
    [
      'a suspension by order, which the agent says as well',
      target({
        entry: { ...entry, suspended: { by: 'user:ann', reason: 'looking', since: iso.since } },
        status: { ...status, reason: { code: 'Suspended', message: 'suspended by user:ann: looking' } },
      }),
      [],
      [
        {
          state: 'suspended',
          blockedBy: 'user:ann: looking',
          since: iso.since,
          whoCanAct: 'whoever may run: flotilla resume',
        },
      ],
    ],
    [
      'freezes, who ordered them and until when, and what passes them',
      target({
        entry: {
          ...entry,
          frozen: [
            { name: 'incident', scope: 'all', by: 'user:ann', reason: 'fire', since: iso.since, expires: iso.later },
            { name: 'year-end', scope: 'deploys', by: 'user:ben', reason: 'holidays', since: iso.since },
          ],
          breakGlass: {
            by: 'user:cat',
            reason: 'fix',
            since: iso.since,
            expires: iso.later,
            sourceDigest: 'abcdefghij',
          },
        },
      }),
      [],
      [
        {
          state: 'frozen: nothing is written to it',
          blockedBy: 'freeze incident by user:ann: fire',
          since: iso.since,
          whoCanAct: 'whoever may run: flotilla unfreeze incident',
          nextTry: iso.later,
        },
        {
          state: 'frozen: it takes no other release',
          blockedBy: 'freeze year-end by user:ben: holidays',
          since: iso.since,
          whoCanAct: 'whoever may run: flotilla unfreeze year-end',
        },
        { state: `the glass is broken for abcdefgh until ${iso.later}`, blockedBy: 'user:cat: fix', since: iso.since },
      ],
    ],
    [
      'a suspension that stands in the cluster',
      target({ status: { ...status, reason: { code: 'Suspended', message: 'suspended by kubectl: mine' } } }),
      [],
      [{ state: 'Synced, Healthy', blockedBy: 'Suspended: suspended by kubectl: mine', since: iso.since }],
    ],
    [
      'a rollback that holds it, which the agent says as well',
      target({
        entry: { ...entry, pin: { by: 'user:ann', reason: 'incident 42', since: iso.since } },
        status: { ...status, reason: { code: 'Pinned', message: 'held at 11111111 by user:ann: incident 42' } },
      }),
      [],
      [
        {
          state: 'differs from Git: held at 11111111',
          blockedBy: 'user:ann: incident 42',
          since: iso.since,
          whoCanAct: 'Git, once it says the same; or whoever may run: flotilla unpin',
        },
      ],
    ],
    [
      'a cluster that never came',
      { ...unreported, connection: 'Pending' },
      [],
      [
        {
          state: 'waiting',
          blockedBy: 'cluster c1 has no agent yet',
          whoCanAct: 'whoever may run: flotilla cluster join c1',
        },
      ],
    ],
    [
      'a cluster that is lost',
      target(silent('Lost')),
      [],
      [
        {
          state: 'waiting',
          blockedBy: 'cluster c1 is not heard; it goes on by itself with what it has',
          since: iso.since,
        },
      ],
    ],
    [
      'a control plane that is deaf',
      target(silent('Deaf')),
      [],
      [{ state: 'waiting', blockedBy: 'the control plane cannot hear any cluster right now', since: iso.since }],
    ],
    [
      'an agent that has not spoken of it',
      unreported,
      [],
      [{ state: 'waiting', blockedBy: 'the agent has not reported it yet' }],
    ],
    [
      'an agent that is behind',
      target({ status: { ...status, generation: 6 } }),
      [],
      [{ state: 'on its way', blockedBy: 'the agent last spoke of generation 6 of 7', since: iso.since }],
    ],
    [
      'what the agent says itself',
      target({
        status: { ...status, health: 'Degraded', reason: { code: 'ImagePullBackOff', message: 'no such tag' } },
      }),
      [],
      [{ state: 'Synced, Degraded', blockedBy: 'ImagePullBackOff: no such tag', since: iso.since }],
    ],
  ])('%s', (_what, reading, waiting, expected) => {
    expect(explainTarget(reading, waiting)).toEqual(expected);
  });

  it('from Git to the cluster, in the order of the road', () => {
    const states = explainTarget(target({ ...silent('Lost'), status: { ...status, generation: 6 } }), [
      failed('repository'),
      failed('set'),
    ]);
    expect(states.map(({ state }) => state)).toEqual([
      'reading the repository failed',
      'sending the cluster its set failed',
      'waiting',
      'on its way',
    ]);
  });
});
