import { describe, expect, it } from 'vitest';
import { Fault } from '@flotilla/foundation';
import type { DriftMode, HealthStatus } from '@flotilla/model';
import type { ObjectStanding, PlannedObject } from '../apply/object-plan.ts';
import { emptyRecord } from '../keep/target-record.ts';
import { configMapKey, defaultSync, entryOf, items } from '../testing/factories.ts';
import type { Observation } from './observe-state.ts';
import { summarise } from './summarise.ts';
import { TargetMemory } from './target-memory.ts';

const running = { sourceDigest: 'd', release: 'r', revision: 'a'.repeat(40), renderDigest: 'x', appliedAt: 't' };
const entry = entryOf('a'.repeat(40), {}, { sourceDigest: 'd', release: 'r', generation: 7 });

function memoryOf(over: Partial<TargetMemory> = {}): TargetMemory {
  const memory = new TargetMemory('target1', { ...emptyRecord('target1', ''), running });
  return Object.assign(memory, { entry, ...over });
}

function object(
  standing: ObjectStanding,
  status: HealthStatus | 'none' = 'Healthy',
  { mode = 'report', ...over }: { readonly mode?: DriftMode; readonly [field: string]: unknown } = {},
): PlannedObject {
  const live = status === 'none' ? undefined : { health: { status }, lastManager: { name: 'kubectl-edit' }, ...over };
  const planned = { item: undefined, live, standing, drift: [], mode, write: false, held: false };
  return { desired: { key: configMapKey('one') }, ...planned } as never;
}

const seen = (...objects: readonly PlannedObject[]): Observation => ({
  state: { name: 'Settled' },
  plan: { objects, leftovers: [] },
});

function line(memory: TargetMemory, observation: Observation): string {
  const { sync, health, reason } = summarise(memory, observation);
  return [sync, health, ...(reason ? [`${reason.code}: ${reason.message}`] : [])].join(' ');
}

const fault = new Fault({ code: 'invalid', reason: 'ManifestsInvalid', message: 'a.yaml:3: no' });
const report = { ...entry, sync: { ...defaultSync, drift: 'report' } } as const;
const failure = {
  workload: configMapKey('one'),
  reason: { code: 'ImagePullBackOff', message: 'no such image' },
};
const said = { text: 'mine', by: 'kubectl', at: '2026-01-01' };

describe('what is said of a target', () => {
  const rows: readonly {
    readonly what: string;
    readonly memory?: Partial<TargetMemory>;
    readonly observation: Observation;
    readonly line: string;
  }[] = [
    { what: 'all is well', observation: seen(object('same')), line: 'Synced Healthy' },
    { what: 'a target without objects', observation: seen(), line: 'Synced Healthy' },
    { what: 'nothing is known yet', observation: { state: { name: 'SourceMissing' } }, line: 'Unknown Unknown' },
    {
      what: 'nothing ever ran',
      memory: { record: emptyRecord('target1', '') },
      observation: { state: { name: 'SourceMissing' } },
      line: 'Unknown Missing',
    },
    {
      what: 'another release is wanted than what runs',
      memory: { entry: { ...entry, release: 'r2' } },
      observation: seen(object('same')),
      line: 'OutOfSync Healthy',
    },
    {
      what: 'one of two is missing',
      observation: seen(object('same'), object('absent', 'none')),
      line: 'OutOfSync Missing',
    },
    {
      what: 'something failed',
      memory: { fault },
      observation: seen(object('same')),
      line: 'Synced Healthy ManifestsInvalid: a.yaml:3: no',
    },
    { what: 'a workload is coming up', observation: seen(object('same', 'Progressing')), line: 'Synced Progressing' },
    {
      what: 'a container cannot start',
      memory: { failure },
      observation: seen(object('same', 'Progressing')),
      line: 'Synced Degraded ImagePullBackOff: no such image',
    },
    {
      what: 'a container could not start, and does by now',
      memory: { failure },
      observation: seen(object('same')),
      line: 'Synced Healthy',
    },
    {
      what: 'somebody changed what we only report',
      memory: { entry: report },
      observation: seen(object('drifted')),
      line: 'OutOfSync Healthy Drifted: ConfigMap apps/one was changed by kubectl-edit',
    },
    {
      what: 'somebody deleted what we only report',
      memory: { entry: report },
      observation: seen(object('deleted', 'none')),
      line: 'OutOfSync Missing Drifted: ConfigMap apps/one was deleted, and not by us',
    },
    {
      what: 'somebody changed what we do not even report',
      observation: seen(object('drifted', 'Healthy', { mode: 'off' })),
      line: 'Synced Healthy',
    },
    {
      what: 'a person suspended the target',
      observation: { ...seen(object('drifted')), state: { name: 'Suspended', by: 'anna', reason: 'freeze' } },
      line: 'OutOfSync Healthy Suspended: suspended by anna: freeze',
    },
    {
      what: 'a person suspended an object that is out of step',
      observation: seen(object('changed', 'Healthy', { suspended: said })),
      line: 'OutOfSync Healthy Suspended: ConfigMap apps/one is suspended by kubectl since 2026-01-01: mine',
    },
    {
      what: 'leftovers wait for a person',
      observation: {
        state: { name: 'Waiting', block: { code: 'ApprovalRequired', message: '9 of 10' } },
        plan: { objects: [object('same')], leftovers: items('ConfigMap/old') },
      },
      line: 'OutOfSync Healthy ApprovalRequired: 9 of 10',
    },
    {
      what: 'leftovers are held',
      memory: { pending: [{ key: configMapKey('old'), forWhat: 'a finalizer holds it' }] },
      observation: {
        state: { name: 'Waiting' },
        plan: { objects: [object('same')], leftovers: items('ConfigMap/old') },
      },
      line: 'OutOfSync Healthy PrunePending: 1 object is to go and still there: ConfigMap apps/old: a finalizer holds it',
    },
    {
      what: 'leftovers that are to stay',
      memory: { entry: { ...entry, sync: { ...defaultSync, prune: false } } },
      observation: {
        state: { name: 'Settled' },
        plan: { objects: [object('same')], leftovers: items('ConfigMap/old') },
      },
      line: 'Synced Healthy',
    },
    {
      what: 'nothing speaks of it',
      memory: { entry: undefined },
      observation: { state: { name: 'Unlisted' } },
      line: 'Unknown Unknown Unlisted: no order speaks of this target any more; it is kept as it is',
    },
    { what: 'it left', memory: { gone: true }, observation: { state: { name: 'Gone' } }, line: 'Synced Missing' },
    {
      what: 'contested',
      observation: {
        ...seen(object('drifted')),
        state: {
          name: 'Contested',
          forMs: 9_500,
          contest: { key: configMapKey('one'), opponent: { manager: 'rival' }, count: 21, heldUntil: 0 },
        },
      },
      line: 'OutOfSync Healthy Contested: ConfigMap apps/one was taken back 21 times and rival changes it again each time; it is let be for 10 s: end one of the two, or set drift to report there',
    },
  ];
  it.each(rows)('$what: $line', ({ memory = {}, observation, line: expected }) => {
    expect(line(memoryOf(memory), observation)).toBe(expected);
  });

  it('names the generation that it is about, what runs, and each object', () => {
    expect(
      summarise(
        memoryOf({ drift: [{ object: 'ConfigMap apps/one', field: 'f'.repeat(999), manager: 'm', corrected: true }] }),
        seen(object('same')),
      ),
    ).toEqual({
      target: 'target1',
      generation: 7,
      ...running,
      sync: 'Synced',
      health: 'Healthy',
      resources: [{ group: '', kind: 'ConfigMap', namespace: 'apps', name: 'one', sync: 'Synced', health: 'Healthy' }],
      drift: [
        { object: 'ConfigMap apps/one', field: expect.stringMatching(/^f{300,400}/), manager: 'm', corrected: true },
      ],
    });
  });

  it('says of the workload that fails below why, whatever it says of itself', () => {
    const { resources } = summarise(memoryOf({ failure }), seen(object('same', 'Progressing')));
    expect(resources).toMatchObject([{ name: 'one', health: 'Degraded', reason: failure.reason }]);
  });

  it('is never longer than a report can carry', () => {
    const long = new Fault({ code: 'invalid', reason: 'R'.repeat(500), message: 'm'.repeat(99_999) });
    const { reason } = summarise(memoryOf({ fault: long }), seen());
    expect([reason!.code.length <= 64, reason!.message.length <= 2_000]).toEqual([true, true]);
  });
});
