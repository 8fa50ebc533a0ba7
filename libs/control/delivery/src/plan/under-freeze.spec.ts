import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { runIntent, type DesiredEntry } from '@flotilla/model';
import type { DeliveryFacts, StageFacts, TargetFacts } from '../facts.ts';
import {
  checkoutDocument,
  checkoutFacts,
  clusterFacts,
  commits,
  deliveryFacts,
  freezeFacts,
  stageFacts,
} from '../testing/delivery-facts.ts';
import { planDelivery } from './plan-delivery.ts';

const { first, second } = commits;
const now = new Date('2026-01-01T00:00:00.000Z');
const past = '2025-12-31T23:00:00.000Z';
const future = '2026-01-01T08:00:00.000Z';

const at = (commit: string): StageFacts => stageFacts('dev', { head: { commit, trees: [`tree of ${commit}`] } });
const frozenBy = (name: string, expires?: string) => ({
  name,
  scope: 'deploys',
  by: 'user:ann',
  reason: 'incident 42',
  since: '2025-12-31T20:00:00.000Z',
  ...(expires !== undefined && { expires }),
});

/** The facts after their plan was carried out. */
function planned(facts: DeliveryFacts, ids = countingIds()): DeliveryFacts {
  const { releases, rollouts, changes } = planDelivery(facts, ids);
  const written = changes.map(({ uid, cluster, environment, onRemove, entry }): TargetFacts => {
    return { uid, cluster, environment, onRemove, entry: { ...entry, generation: 1 }, gone: false };
  });
  const kept = facts.targets.filter(({ uid }) => !written.some((each) => each.uid === uid));
  return {
    ...facts,
    releases: [...releases, ...facts.releases],
    targets: [...kept, ...written],
    stages: facts.stages.map((stage) => {
      const entered = rollouts.at(-1);
      const current = entered ? { rollout: entered.uid, release: entered.release, running: true } : stage.current;
      return { ...stage, ...(current && { current }) };
    }),
  };
}

/** `checkout` runs the first commit on `c1`, and then `over` happens. */
function standing(over: Partial<DeliveryFacts> = {}): DeliveryFacts {
  const before = planned(deliveryFacts({ now, stages: [at(first)] }), countingIds('was'));
  return { ...before, ...over };
}

/** The second commit is pushed. */
function pushed(facts: DeliveryFacts): DeliveryFacts {
  return { ...facts, stages: facts.stages.map((stage) => ({ ...at(second), ...pickCurrent(stage) })) };
}

function pickCurrent({ current }: StageFacts): Pick<StageFacts, 'current'> {
  return current ? { current } : {};
}

const entriesOf = ({ targets }: DeliveryFacts): DesiredEntry[] => targets.map(({ entry }) => entry);
const revisionsOf = (facts: DeliveryFacts) => entriesOf(facts).map(({ source }) => source.revision);

describe('what a plan makes of a frozen target', () => {
  it('AT-38: what stands there, whatever enters and whatever the settings of today say, and its entry says who froze it', () => {
    const document = checkoutDocument({ prune: false });
    const frozen = planned(pushed(standing({ freezes: [freezeFacts('year-end')] })));
    const changed = planned({ ...frozen, application: checkoutFacts({ document }) });
    const held = { ...entriesOf(standing())[0]!, ...runIntent(['freeze']), frozen: [frozenBy('year-end')] };
    expect([entriesOf(frozen), entriesOf(changed)]).toEqual([[held], [held]]);
  });

  it('the newest release once the freeze is lifted, or over, with nothing left of it', () => {
    const until = planned(pushed(standing({ freezes: [freezeFacts('night', { until: future })] })));
    const lifted = planned({ ...until, freezes: [] });
    const over = planned({ ...until, now: new Date(future) });
    const thawed = entriesOf(planned(pushed(standing())))[0]!;
    const without = ({ release: _, ...entry }: DesiredEntry) => entry;
    expect([...entriesOf(lifted), ...entriesOf(over)].map(without)).toEqual([thawed, thawed].map(without));
  });

  it('the freezes that hold now, the widest first, so that a shorter one does not hide a longer one', () => {
    const freezes = [
      freezeFacts('year-end'),
      freezeFacts('over', { until: past }),
      freezeFacts('elsewhere', { environments: ['production'] }),
      freezeFacts('incident', { scope: 'all', until: future }),
    ];
    const [entry] = entriesOf(planned(standing({ freezes })));
    expect(entry!.frozen).toEqual([{ ...frozenBy('incident', future), scope: 'all' }, frozenBy('year-end')]);
  });

  it('only where it is frozen', () => {
    const clusters = [clusterFacts('c1', 'dev'), clusterFacts('c2', 'dev')];
    const eu = { ...clusters[1]!, labels: { ...clusters[1]!.labels, region: 'eu' } };
    const before = planned({ ...deliveryFacts({ now, stages: [at(first)] }), clusters: [clusters[0]!, eu] });
    const spec = { environments: undefined, clusters: { matchLabels: { region: 'eu' } } };
    const { environments: _, ...freeze } = freezeFacts('eu', spec).spec;
    const after = planned(pushed({ ...before, freezes: [{ ...freezeFacts('eu'), spec: freeze }] }));
    expect(revisionsOf(after).toSorted()).toEqual([first, second]);
  });

  it('a cluster that joins is told of its target, and its agent is told to hold it', () => {
    const joined = { clusters: [clusterFacts('c1', 'dev'), clusterFacts('c2', 'dev')] };
    const after = planned(standing({ ...joined, freezes: [freezeFacts('year-end')] }), countingIds('now'));
    expect(entriesOf(after).map(({ intent, needs, frozen }) => ({ intent, needs, frozen }))).toEqual(
      ['c1', 'c2'].map(() => ({ ...runIntent(['freeze']), frozen: [frozenBy('year-end')] })),
    );
  });

  it('neither its departure nor that of a deleted application', () => {
    const { document: _, ...deleted } = checkoutFacts();
    const freezes = [freezeFacts('year-end')];
    const unlabelled = planned(standing({ freezes, clusters: [clusterFacts('c1')] }));
    const gone = planned(standing({ freezes, application: { ...deleted, deletedBy: 'user:ben' }, stages: [] }));
    const lifted = planned({ ...unlabelled, freezes: [] });
    expect([unlabelled, gone, lifted].map((facts) => entriesOf(facts)[0]!.intent)).toEqual([
      'run-if-understood',
      'run-if-understood',
      'orphan',
    ]);
  });
});

describe('breaking the glass', () => {
  const glass = { by: 'user:ben', reason: 'hotfix', since: past, expires: future };
  const broken = (facts: DeliveryFacts, sourceDigest: string): DeliveryFacts => ({
    ...facts,
    targets: facts.targets.map((target) => {
      return { ...target, entry: { ...target.entry, breakGlass: { ...glass, sourceDigest } } };
    }),
  });
  const frozen = planned(pushed(standing({ freezes: [freezeFacts('year-end')] })));
  const digest = frozen.releases[0]!.digests['dev']!;

  it('AT-38: lets exactly that digest pass, which then stands', () => {
    const passed = planned(broken(frozen, digest));
    const next = planned({
      ...passed,
      stages: passed.stages.map((stage) => ({ ...at(commits.third), ...pickCurrent(stage) })),
    });
    expect([...revisionsOf(passed), ...revisionsOf(next)]).toEqual([second, second]);
    expect(entriesOf(passed)[0]).toMatchObject({
      frozen: [frozenBy('year-end')],
      breakGlass: { ...glass, sourceDigest: digest },
    });
  });

  it('lets what left come back with exactly that digest', () => {
    const left = planned({ ...standing(), clusters: [clusterFacts('c1')] });
    const back = { ...left, clusters: [clusterFacts('c1', 'dev')], freezes: [freezeFacts('year-end')] };
    const { sourceDigest } = entriesOf(left)[0]!;
    const intents = [broken(back, sourceDigest), broken(back, 'another')].map(
      (facts) => entriesOf(planned(facts))[0]!.intent,
    );
    expect(intents).toEqual(['run-if-understood', 'orphan']);
  });

  it('lets nothing leave', () => {
    const { document: _, ...deleted } = checkoutFacts();
    const left = planned({ ...broken(frozen, entriesOf(frozen)[0]!.sourceDigest), application: deleted, stages: [] });
    expect(entriesOf(left)[0]!.intent).toBe('run-if-understood');
  });

  it('lets nothing pass for another digest, or when it is over', () => {
    const other = planned(broken(frozen, 'another'));
    const late = planned({ ...broken(frozen, digest), now: new Date(future) });
    expect([...revisionsOf(other), ...revisionsOf(late)]).toEqual([first, first]);
    expect(entriesOf(late)[0]!.breakGlass).toBeUndefined();
  });

  it('is for what arrives: what stands there already stands as it is, whatever the settings of today say', () => {
    const passed = planned(broken(frozen, digest));
    const document = checkoutDocument({ prune: false });
    const changed = planned({ ...passed, application: checkoutFacts({ document }) });
    expect(entriesOf(changed)).toEqual(entriesOf(passed));
  });

  describe('by an order to go back', () => {
    const content = { ...contentOf(entriesOf(frozen)[0]!), sourceDigest: 'gone back to' };
    const heldBy = (freezes: string[], over: Partial<DesiredEntry> = {}): DeliveryFacts => ({
      ...frozen,
      targets: frozen.targets.map((target) => ({
        ...target,
        entry: { ...target.entry, ...over },
        pin: {
          rollback: 'back',
          rollout: 'into',
          by: 'user:cat',
          reason: 'bad',
          since: past,
          content,
          breakGlass: { expires: future, freezes },
        },
      })),
    });
    const digestsOf = (facts: DeliveryFacts) => entriesOf(planned(facts)).map((entry) => entry.sourceDigest);

    it('lets what it holds pass the freezes that stood then, until it ends', () => {
      const over = { ...heldBy(['year-end']), now: new Date(future) };
      expect([digestsOf(heldBy(['year-end'])), digestsOf(over)]).toEqual([
        ['gone back to'],
        [entriesOf(frozen)[0]!.sourceDigest],
      ]);
    });

    it('lets nothing pass a freeze that was set after it', () => {
      expect(digestsOf(heldBy(['another']))).toEqual([entriesOf(frozen)[0]!.sourceDigest]);
    });

    it('gives way to glass that somebody broke after it', () => {
      const breakGlass = { ...glass, since: '2025-12-31T23:30:00.000Z', sourceDigest: 'the fix' };
      const [entry] = entriesOf(planned(heldBy(['year-end'], { breakGlass })));
      expect(entry!.breakGlass).toEqual(breakGlass);
    });
  });
});

function contentOf({ release, sourceDigest, source }: DesiredEntry) {
  return { release, sourceDigest, source };
}
