import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { rolloutStrategySchema, type RolloutState } from '@flotilla/model';
import type { DeliveryFacts, StageFacts } from '../facts.ts';
import { clusterFacts, commits, deliveryFacts, stageFacts } from '../testing/delivery-facts.ts';
import type { DeliveryPlan } from './delivery-plan.ts';
import { planDelivery } from './plan-delivery.ts';

const { first, second, third } = commits;
const strategy = rolloutStrategySchema.parse({ waves: [{ name: 'canary', take: 1 }] });
const clusters = ['c1', 'c2', 'c3'].map((name) => clusterFacts(name, 'dev'));

const head = (commit: string) => ({ head: { commit, trees: [`tree of ${commit}`] } });

/** What a rollout has come to by now, as the store would say it. */
interface Standing {
  readonly state: RolloutState;
  readonly admitted?: readonly string[];
  readonly skipped?: readonly string[];
  readonly finished?: string | undefined;
}

/** The facts after a plan was written and its rollout, where it began one, has come this far. */
function after(facts: DeliveryFacts, plan: DeliveryPlan, standing: Standing): DeliveryFacts {
  const changed = new Map(plan.changes.map(({ uid }) => [uid, true]));
  const written = plan.changes.map(({ isNew: _, ...target }) => {
    return { ...target, entry: { ...target.entry, generation: 1 }, gone: false };
  });
  const { state, admitted = [], skipped = [], finished } = standing;
  const uids = (names: readonly string[]) => new Set(names.map((name) => `${name}-uid`));
  const admission = { state, admitted: uids(admitted), skipped: uids(skipped) };
  const [begun] = plan.rollouts;
  const current = begun ? { rollout: begun.uid, release: begun.release } : facts.stages[0]!.current!;
  const running = state === 'Running' || state === 'Paused' || state === 'Halted';
  return {
    ...facts,
    releases: [...plan.releases, ...facts.releases],
    targets: [...facts.targets.filter(({ uid }) => !changed.has(uid)), ...written],
    stages: facts.stages.map((stage) => ({
      ...stage,
      current: { ...current, running, admission },
      ...(finished !== undefined && { finished }),
    })),
  };
}

let ids = countingIds();
const plan = (facts: DeliveryFacts) => planDelivery(facts, ids);
const looking = (facts: DeliveryFacts, over: Partial<StageFacts>): DeliveryFacts => ({
  ...facts,
  stages: facts.stages.map((stage) => ({ ...stage, ...over })),
});

/** The first commit ran everywhere; the second has begun its rollout and come this far. */
function secondCommit(standing: Standing): DeliveryFacts {
  ids = countingIds();
  const began = deliveryFacts({ clusters, stages: [stageFacts('dev', { rollout: { strategy }, ...head(first) })] });
  const once = after(began, plan(began), { state: 'Running', admitted: ['c1', 'c2', 'c3'] });
  const ran = after(once, plan(once), { state: 'Finished' });
  const pushed = looking(ran, head(second));
  return after(pushed, plan(pushed), { finished: ran.releases[0]!.uid, ...standing });
}

/** Who runs which commit after the next plan: `c1:2 c2:1`. */
function told(facts: DeliveryFacts): string {
  const { changes } = plan(facts);
  const entries = new Map([
    ...facts.targets.map(({ cluster, entry }) => [cluster, entry] as const),
    ...changes.map(({ cluster, entry }) => [cluster, entry] as const),
  ]);
  return [...entries]
    .map(([cluster, { source }]) => `${cluster.replace('-uid', '')}:${source.revision[0]}`)
    .toSorted()
    .join(' ');
}

describe('a release that goes in waves', () => {
  it('begins with nobody, and its waves are chosen', () => {
    ids = countingIds();
    const facts = deliveryFacts({ clusters, stages: [stageFacts('dev', { rollout: { strategy }, ...head(first) })] });
    const { rollouts, changes } = plan(facts);
    expect([changes, rollouts[0]!.course?.waves.map(({ name, clusters: chosen }) => [name, ...chosen])]).toEqual([
      [],
      [
        ['canary', 'c1-uid'],
        ['rest', 'c2-uid', 'c3-uid'],
      ],
    ]);
  });

  it.each<[string, Standing, string]>([
    ['nobody was admitted', { state: 'Running' }, 'c1:1 c2:1 c3:1'],
    ['one was', { state: 'Running', admitted: ['c1'] }, 'c1:2 c2:1 c3:1'],
    ['it is paused', { state: 'Paused', admitted: ['c1'] }, 'c1:2 c2:1 c3:1'],
    ['it is halted', { state: 'Halted', admitted: ['c1'] }, 'c1:2 c2:1 c3:1'],
    ['a person ended it', { state: 'Aborted', admitted: ['c1'] }, 'c1:2 c2:1 c3:1'],
    ['it finished, and catches up with whoever was away', { state: 'Finished', admitted: ['c1'] }, 'c1:2 c2:2 c3:2'],
    ['but not with whom a person passed by', { state: 'Finished', skipped: ['c3'] }, 'c1:2 c2:2 c3:1'],
  ])('reaches whoever was admitted: %s', (_what, standing, expected) => {
    expect(told(secondCommit(standing))).toBe(expected);
  });

  it('is not what a cluster gets that joins meanwhile: it gets the newest that finished', () => {
    const joined = {
      ...secondCommit({ state: 'Running', admitted: ['c1'] }),
      clusters: [...clusters, clusterFacts('c4', 'dev')],
    };
    expect(told(joined)).toBe('c1:2 c2:1 c3:1 c4:1');
    const unfinished = {
      ...secondCommit({ state: 'Running', finished: undefined }),
      clusters: [clusterFacts('c4', 'dev')],
    };
    expect(told(looking({ ...unfinished, targets: [] }, { finished: undefined as never }))).toBe('');
  });

  it('that comes when nobody is there, or all are held, has no waves yet: they begin once somebody may take it', () => {
    ids = countingIds();
    const empty = deliveryFacts({
      clusters: [],
      stages: [stageFacts('dev', { rollout: { strategy }, ...head(first) })],
    });
    const begun = plan(empty);
    const [rollout] = begun.rollouts;
    const current = { rollout: rollout!.uid, release: rollout!.release, running: true };
    const idle = looking({ ...empty, releases: begun.releases }, { current });
    expect([rollout!.course, plan(idle).rollouts]).toEqual([undefined, []]);
    const joined = plan({ ...idle, clusters });
    expect([
      joined.changes,
      joined.rollouts.map(({ release, supersedes, course }) => [release, supersedes, course?.waves.length]),
    ]).toEqual([[], [[rollout!.release, rollout!.uid, 2]]]);
  });

  it('settings of today reach everybody, whatever they run', () => {
    const facts = secondCommit({ state: 'Running', admitted: ['c1'] });
    const renamed = looking(facts, { namespace: 'elsewhere' });
    expect(
      plan(renamed).changes.map(({ cluster, entry }) => [cluster, entry.source.revision[0], entry.namespace]),
    ).toEqual([
      ['c1-uid', '2', 'elsewhere'],
      ['c2-uid', '1', 'elsewhere'],
      ['c3-uid', '1', 'elsewhere'],
    ]);
  });

  it.each<[RolloutState, readonly string[]]>([
    ['Running', []],
    ['Paused', []],
    ['Halted', ['begins, in the place of the other']],
    ['Aborted', ['begins']],
    ['Finished', ['begins']],
  ])('while it is %s, a newer one %j', (state, expected) => {
    const { rollouts } = plan(looking(secondCommit({ state, admitted: ['c1'] }), head(third)));
    const begun = rollouts.map(({ supersedes }) => (supersedes ? 'begins, in the place of the other' : 'begins'));
    expect(begun).toEqual(expected);
  });
});
