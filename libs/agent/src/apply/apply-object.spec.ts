import { beforeEach, describe, expect, it } from 'vitest';
import type { IgnoreRule, KubeObject } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import { liveObject } from '../live/live-object.ts';
import { FailingCluster } from '../testing/failing-cluster.ts';
import { theirs } from '../testing/factories.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { applyObject } from './apply-object.ts';
import { driftIn } from './object-drift.ts';
import type { DesiredObject } from './desired-object.ts';
import type { ObjectStanding, PlannedObject } from './object-plan.ts';

const key = { group: 'apps', kind: 'Deployment', namespace: 'apps', name: 'web' };
let world: TargetWorld;

beforeEach(async () => {
  world = await TargetWorld.open();
});

function web(spec: object, labels: object = { 'flotilla.dev/target': 'target1' }): KubeObject {
  const metadata = { name: 'web', namespace: 'apps', labels } as KubeObject['metadata'];
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
}

const turn = { phase: 'Sync', wave: 0 } as const;
const desiredOf = (object: KubeObject): DesiredObject => ({ key, object, manifest: 'm', wave: 0, turn, needs: [] });

/** What we applied last, as the inventory remembers it. */
async function applied(object: KubeObject): Promise<PlannedObject> {
  const result = await world.api.apply(object, { force: false });
  const live = liveObject((result as { object: KubeObject }).object);
  const item = { key, apiVersion: 'apps/v1', uid: live.uid, manifest: 'm', fields: live.fields, owned: live.owned };
  return {
    desired: desiredOf(object),
    item,
    live,
    standing: 'drifted',
    drift: [],
    mode: 'correct',
    write: true,
    held: false,
  };
}

/** As the next look finds it. */
function seen(planned: PlannedObject): PlannedObject {
  const live = liveObject(world.api.peek(key)!, planned.item);
  return { ...planned, live, drift: driftIn({ ...planned, live, scaled: false }, { drift: 'correct' }) };
}

const byHand = {
  object: 'Deployment apps/web',
  manager: 'kubectl-edit',
  operation: 'Update',
  at: '2026-01-01T00:00:00.000Z',
  corrected: true,
};

function next(planned: PlannedObject, object: KubeObject, standing: ObjectStanding = 'changed'): PlannedObject {
  return { ...planned, desired: desiredOf(object), standing };
}

const fresh = (object: KubeObject): PlannedObject => ({
  desired: desiredOf(object),
  item: undefined,
  live: undefined,
  standing: 'absent',
  drift: [],
  mode: 'correct',
  write: true,
  held: false,
});

const apply = (planned: PlannedObject, adopt = false) =>
  applyObject({ cluster: world.failing.cluster, planned, adopt });
const spec = () => world.api.peek(key)!.spec;
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'applied',
    ({ reason, message }) => `${reason}: ${message}`,
  );

describe('a field that our last applied set holds', () => {
  it('is taken back from whoever changed it, and he is named', async () => {
    const planned = await applied(web({ replicas: 2, image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    const { takenBack } = await apply(planned);
    expect([spec(), takenBack]).toEqual([{ replicas: 2, image: 'a:1' }, [{ ...byHand, field: '.spec.image' }]]);
  });

  it('is taken back by a new revision as well', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    await apply(next(planned, web({ image: 'a:2' })));
    expect(spec()).toEqual({ image: 'a:2' });
  });
});

describe('a field that somebody changed before we knew that what we made had come to be', () => {
  /** It was made, and nobody told us; the record says what it was to be made from. */
  async function cutOff(known: Partial<InventoryItem> = {}): Promise<PlannedObject> {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    return { ...planned, item: { key, apiVersion: 'apps/v1', manifest: 'm', ...known }, standing: 'changed' };
  }

  it('is taken back: it was ours', async () => {
    const { takenBack } = await apply(await cutOff());
    expect([spec(), takenBack]).toEqual([{ image: 'a:1' }, [{ ...byHand, field: '.spec.image' }]]);
  });

  it.each([
    ['Git said something else when it was made', { manifest: 'm0' }],
    ['it was begun from something else as well', { making: true }],
    ['it was another one before and was taken over', { adopted: true }],
    ['the record is older than such words', { manifest: undefined }],
  ])('stays where %s: nobody can tell then', async (_, known) => {
    expect(await refusal(apply(await cutOff(known)))).toContain('Conflict');
    expect(spec()).toEqual({ image: 'by:hand' });
  });
});

describe('a field that is ignored', () => {
  const ignore = [{ kind: 'Deploy*', jsonPointers: ['/spec/replicas', '/metadata/labels'] }];
  const applyIgnoring = (planned: PlannedObject, rules: readonly IgnoreRule[] = ignore) =>
    applyObject({ cluster: world.failing.cluster, planned, adopt: false, ignore: rules });

  it('stays with whoever else owns it, and nothing else of his does', async () => {
    const planned = await applied(web({ replicas: 2, image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { replicas: 9, image: 'by:hand' } });
    const { takenBack } = await applyIgnoring(planned);
    expect([spec(), takenBack.map(({ field }) => field)]).toEqual([{ replicas: 9, image: 'a:1' }, ['.spec.image']]);
  });

  it('stays with the manager that is named', async () => {
    const planned = await applied(web({ replicas: 2, image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { replicas: 9 } });
    await applyIgnoring(planned, [{ managers: ['kubectl-edit'] }]);
    expect(spec()).toEqual({ replicas: 9, image: 'a:1' });
  });

  it('is set by us for as long as nobody else owns it', async () => {
    await applyIgnoring(fresh(web({ replicas: 2 })));
    await applyIgnoring(await applied(web({ replicas: 3 })));
    expect(spec()).toEqual({ replicas: 3 });
  });

  it('is taken back where the rule is about another object', async () => {
    const planned = await applied(web({ replicas: 2 }));
    await world.people.mergePatch(key, { spec: { replicas: 9 } });
    await applyIgnoring(planned, [{ name: 'other', jsonPointers: ['/spec/replicas'] }]);
    expect(spec()).toEqual({ replicas: 2 });
  });

  it('is never the label that says whose the object is', async () => {
    const planned = await applied(web({ replicas: 2 }));
    await world.people.mergePatch(key, { metadata: { labels: { 'flotilla.dev/target': 'theirs', mine: 'yes' } } });
    await applyIgnoring(planned);
    expect(world.api.peek(key)!.metadata.labels).toEqual({ 'flotilla.dev/target': 'target1', mine: 'yes' });
  });
});

describe('a field that we never set', () => {
  it('stays with whoever holds it: the object is left alone, and he is named', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { paused: true } });
    const refused = await refusal(apply(next(planned, web({ image: 'a:2', paused: false }))));
    expect([spec(), refused]).toEqual([
      { image: 'a:1', paused: true },
      'Conflict: Deployment apps/web: fields that we never set belong to others: .spec.paused (kubectl-edit); take them out of Git, or set sync.adopt',
    ]);
  });

  it('is never taken along with one of ours: force is for all fields of a request', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand', paused: true } });
    await refusal(apply(next(planned, web({ image: 'a:2', paused: false }))));
    expect(spec()).toEqual({ image: 'by:hand', paused: true });
  });
});

describe('the replicas of what an autoscaler targets', () => {
  const autoscaler = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web', namespace: 'apps' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
  };

  it('leave the applied set once it owns them', async () => {
    const planned = await applied(web({ replicas: 2, image: 'a:1' }));
    await world.people.create(autoscaler);
    await world.people.mergePatch(key, { spec: { replicas: 7 } });
    await apply(next(planned, web({ replicas: 3, image: 'a:2' })));
    expect(spec()).toEqual({ replicas: 7, image: 'a:2' });
  });

  it('are ours where there is none', async () => {
    const planned = await applied(web({ replicas: 2 }));
    await world.people.mergePatch(key, { spec: { replicas: 7 } });
    await apply(planned);
    expect(spec()).toEqual({ replicas: 2 });
  });
});

describe('AT-04 adoption is a decision', () => {
  const stranger = web({ image: 'theirs' }, {});

  it('what somebody else made is named and left alone', async () => {
    await world.people.create(stranger);
    const refused = await refusal(apply(fresh(web({ image: 'a:1' }))));
    expect([spec(), refused]).toEqual([
      { image: 'theirs' },
      'Conflict: Deployment apps/web exists already and belongs to kubectl-edit; it is left alone: delete it, or set sync.adopt',
    ]);
  });

  it('nothing is sent that could change it: what is made must not exist', async () => {
    await world.people.create(stranger);
    const before = world.api.peek(key);
    await refusal(apply(fresh(web({ of: 'ours' }))));
    expect([world.failing.calls.map(({ verb }) => verb), world.api.peek(key)]).toEqual([['apply', 'get'], before]);
  });

  it('what nobody has is made in one request, without a look', async () => {
    await apply(fresh(web({ image: 'a:1' })));
    expect([world.failing.calls.map(({ verb }) => verb), spec()]).toEqual([['apply'], { image: 'a:1' }]);
  });

  it('with adopt it is taken', async () => {
    await world.people.create(stranger);
    expect([await apply(fresh(web({ image: 'a:1' })), true), spec()]).toEqual([
      expect.objectContaining({ adopted: true, takenBack: [] }),
      { image: 'a:1' },
    ]);
  });

  it('not even adopt takes what a person suspended', async () => {
    await world.people.create({
      ...stranger,
      metadata: { ...stranger.metadata, annotations: { 'flotilla.dev/suspend': 'mine' } },
    });
    expect(await refusal(apply(fresh(web({ image: 'a:1' })), true))).toContain('Suspended');
    expect(spec()).toEqual({ image: 'theirs' });
  });

  it('not even adopt takes what stands in the inventory of another tool', async () => {
    const annotations = { 'config.k8s.io/owning-inventory': 'theirs' };
    await world.people.create({ ...stranger, metadata: { ...stranger.metadata, annotations } });
    expect([await refusal(apply(fresh(web({ image: 'a:1' })), true)), spec()]).toEqual([
      expect.stringContaining('is in the inventory theirs of another tool'),
      { image: 'theirs' },
    ]);
  });

  it('what was ours and was made again by somebody else is lost, and said to be', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.delete(key, { uid: planned.item!.uid! });
    await world.people.create(stranger);
    expect(await refusal(apply({ ...planned, standing: 'foreign' }))).toContain('OwnershipLost');
  });
});

describe('AT-03 somebody makes it again in the very moment in which it is written', () => {
  const swap = async (uid: string) => {
    await world.people.delete(key, { uid });
    await world.people.create(web({ of: 'others' }));
  };

  it('and keeps what he made: it was not meant', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await swap(planned.item!.uid!);
    expect([await refusal(apply(next(planned, web({ image: 'a:2' })))), spec()]).toEqual([
      expect.stringContaining('ObjectChanged'),
      { of: 'others' },
    ]);
  });

  it('also when a conflict is being settled', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    const cluster = { ...world.failing.cluster };
    const { get } = cluster;
    cluster.get = async (asked) => {
      await swap(planned.item!.uid!);
      return get(asked);
    };
    expect([await refusal(applyObject({ cluster, planned, adopt: false })), spec()]).toEqual([
      expect.stringContaining('ObjectChanged'),
      { of: 'others' },
    ]);
  });

  it('also when it is being adopted: what was looked at is what is taken', async () => {
    await world.people.create(web({ image: 'theirs' }, {}));
    const cluster = { ...world.failing.cluster };
    const { get } = cluster;
    cluster.get = async (asked) => {
      const there = await get(asked);
      await swap(there!.metadata.uid!);
      return there;
    };
    expect(await refusal(applyObject({ cluster, planned: fresh(web({ image: 'a:1' })), adopt: true }))).toContain(
      'ObjectChanged',
    );
  });
});

describe('the version that force goes to', () => {
  it('is the one whose conflicts were looked at: who writes in between is looked at again', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    const meddling = new FailingCluster(world.api);
    const inner = meddling.cluster.apply;
    let meddled = false;
    const cluster = {
      ...meddling.cluster,
      apply: async (object: KubeObject, options: { force: boolean }) => {
        if (options.force && !meddled && (meddled = true))
          await world.people.mergePatch(key, { spec: { paused: true } });
        return inner(object, options);
      },
    };
    await applyObject({ cluster, planned: next(planned, web({ image: 'a:2' })), adopt: false });
    expect(spec()).toEqual({ image: 'a:2', paused: true });
  });

  it('is given up after a few rounds; the next pass tries again', async () => {
    const planned = await applied(web({ image: 'a:1' }));
    await world.people.mergePatch(key, { spec: { image: 'by:hand' } });
    const meddler = {
      ...world.failing.cluster,
      get: async () => {
        await world.people.mergePatch(key, { spec: { n: Math.random() } });
        return { metadata: { resourceVersion: '1' } } as KubeObject;
      },
    };
    expect(await refusal(applyObject({ cluster: meddler, planned, adopt: false }))).toContain('ObjectChanged');
  });
});

it('names who takes a field out, though nobody holds it afterwards', async () => {
  const planned = await applied(web({ image: 'a:1', paused: true }));
  await world.people.mergePatch(key, { spec: { paused: null, note: 'x' } });
  const { takenBack } = await apply(seen(planned));
  expect([spec(), takenBack]).toEqual([
    { image: 'a:1', paused: true, note: 'x' },
    [{ ...byHand, field: '.spec.paused', removed: true }],
  ]);
});

it('a stranger of another kind under the same name is no stranger', async () => {
  await world.people.create(theirs('web'));
  expect(await refusal(apply(fresh(web({ image: 'a:1' }))))).toBe('applied');
});
