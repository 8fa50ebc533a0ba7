import { describe, expect, it } from 'vitest';
import type { Connection, DesiredEntry } from '@flotilla/model';
import { explainTarget } from './explain-target.ts';
import type { ReportedStatus, TargetReading, WaitingWork } from './fleet-reader.port.ts';

const since = new Date('2026-01-01T08:00:00Z');
const later = new Date('2026-01-01T08:05:00Z');
const now = later.getTime();
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
const passing = 'flotilla sync target checkout.dev.c1 --break-glass --reason WHY';
const silent = (connection: Connection) => ({ connection, lastSeenAt: since });
const { status: _, ...unreported } = target();
const closed = { state: 'OutOfSync, Healthy', blockedBy: 'Window: closed', since: iso.since };
const inWindow = (windows: DesiredEntry['windows']) =>
  target({
    entry: { ...entry, windows },
    status: { ...status, sync: 'OutOfSync', reason: { code: 'Window', message: 'closed' } },
  });
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
          whoCanAct: 'whoever may run: flotilla resume target checkout.dev.c1',
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
          whoCanAct: `whoever may run: flotilla unfreeze incident; or to pass it: ${passing}`,
          nextTry: iso.later,
        },
        {
          state: 'frozen: it takes no other release',
          blockedBy: 'freeze year-end by user:ben: holidays',
          since: iso.since,
          whoCanAct: `whoever may run: flotilla unfreeze year-end; or to pass it: ${passing}`,
        },
        { state: `the glass is broken for abcdefgh until ${iso.later}`, blockedBy: 'user:cat: fix', since: iso.since },
      ],
    ],
    [
      'a suspension that stands in the cluster',
      target({ status: { ...status, reason: { code: 'Suspended', message: 'suspended by kubectl: mine' } } }),
      [],
      [
        {
          state: 'Synced, Healthy',
          blockedBy: 'Suspended: suspended by kubectl: mine',
          since: iso.since,
          whoCanAct:
            'whoever takes flotilla.dev/suspend off where it was set: kubectl annotate … flotilla.dev/suspend-',
        },
      ],
    ],
    [
      'a pin that stands in the cluster',
      target({ status: { ...status, reason: { code: 'Pinned', message: 'held at 11111111 by kubectl' } } }),
      [],
      [
        {
          state: 'Synced, Healthy',
          blockedBy: 'Pinned: held at 11111111 by kubectl',
          since: iso.since,
          whoCanAct:
            'whoever may run in the cluster: kubectl -n flotilla-system annotate secret flotilla-target-t1 flotilla.dev/pin-',
        },
      ],
    ],
    [
      'a window, and until when it is closed',
      inWindow([{ kind: 'deny', schedule: '0 8 * * *', duration: '2h' }]),
      [],
      [
        {
          ...closed,
          whoCanAct: 'whoever writes the windows of environment dev',
          nextTry: '2026-01-01T10:00:00.000Z',
        },
      ],
    ],
    [
      'a window that a person may pass',
      inWindow([{ kind: 'deny', schedule: '0 8 * * *', duration: '2h', manualSync: true }]),
      [],
      [
        {
          ...closed,
          whoCanAct: 'whoever may run: flotilla sync target checkout.dev.c1',
          nextTry: '2026-01-01T10:00:00.000Z',
        },
      ],
    ],
    [
      'a window that cannot be read',
      inWindow([{ kind: 'deny', schedule: 'whenever', duration: '2h', manualSync: true }]),
      [],
      [{ ...closed, whoCanAct: 'whoever writes the windows of environment dev' }],
    ],
    [
      'a hook that failed',
      target({ status: { ...status, reason: { code: 'HookFailed', message: 'Job migrate failed' } } }),
      [],
      [
        {
          state: 'Synced, Healthy',
          blockedBy: 'HookFailed: Job migrate failed',
          since: iso.since,
          whoCanAct: 'whoever may run: flotilla sync target checkout.dev.c1',
        },
      ],
    ],
    [
      'what is in quarantine',
      target(),
      [{ kind: 'plan', since, error: { reason: 'Quarantined', message: 'what 2 brings dev is in quarantine' } }],
      [
        {
          state: 'planning the application failed',
          blockedBy: 'Quarantined: what 2 brings dev is in quarantine',
          since: iso.since,
          whoCanAct:
            'Git, with something newer; or whoever may run: flotilla quarantine lift checkout DIGEST --reason WHY, with one of: flotilla get quarantines',
        },
      ],
    ],
    [
      'a freeze, which the agent says as well',
      target({
        entry: { ...entry, frozen: [{ name: 'x', scope: 'all', by: 'user:ann', reason: 'fire', since: iso.since }] },
        status: { ...status, reason: { code: 'Frozen', message: 'frozen by user:ann' } },
      }),
      [],
      [expect.objectContaining({ state: 'frozen: nothing is written to it' })],
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
          whoCanAct:
            'Git, once a release that says the same enters here; or whoever may run: flotilla unpin target checkout.dev.c1 --reason WHY',
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
          whoCanAct:
            'whoever runs cluster c1, whose agent calls by itself; or, if it is gone: flotilla cluster forget c1',
          since: iso.since,
        },
      ],
    ],
    [
      'a control plane that is deaf',
      target(silent('Deaf')),
      [],
      [
        {
          state: 'waiting',
          blockedBy: 'the control plane cannot hear any cluster right now',
          whoCanAct: 'whoever runs the control plane and its broker',
          since: iso.since,
        },
      ],
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
      'that an agent went back by itself, and what ends it',
      target({ status: { ...status, sync: 'OutOfSync', reason: { code: 'Retreated', message: 'it went back' } } }),
      [],
      [
        {
          state: 'OutOfSync, Healthy',
          blockedBy: 'Retreated: it went back',
          since: iso.since,
          whoCanAct: 'whoever brings another release; or whoever may run: flotilla sync target checkout.dev.c1',
        },
      ],
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
    expect(explainTarget(reading, { waiting, now })).toEqual(expected);
  });

  it('says that nothing waits only where nothing holds a release back on its way here either', () => {
    const turn = { state: 'waits for 3187cca1, in wave rest', blockedBy: 'its turn has not come' };
    const told = [[turn], []].map((ahead) => explainTarget(target(), { ahead, waiting: [], now }));
    expect(told).toEqual([[turn], [{ state: expect.stringMatching(/^runs \w+; nothing waits$/) }]]);
  });

  it('from Git to the cluster, in the order of the road', () => {
    const lost = target({ ...silent('Lost'), status: { ...status, generation: 6 } });
    const states = explainTarget(lost, { waiting: [failed('repository'), failed('set')], now });
    expect(states.map(({ state }) => state)).toEqual([
      'reading the repository failed',
      'sending the cluster its set failed',
      'waiting',
      'on its way',
    ]);
  });
});
