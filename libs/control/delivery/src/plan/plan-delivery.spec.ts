import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { runIntent, type DesiredEntry, type RenderSettings } from '@flotilla/model';
import type { DeliveryFacts, StageFacts } from '../facts.ts';
import {
  checkoutDocument,
  checkoutFacts,
  clusterFacts,
  commits,
  deliveryFacts,
  stageFacts,
  targetFacts,
} from '../testing/delivery-facts.ts';
import { afterPlan, devAt, emptyPlan, runningFacts } from '../testing/written-plan.ts';
import { planDelivery } from './plan-delivery.ts';

const { first, second } = commits;

const plan = (facts: DeliveryFacts, ids = countingIds()) => planDelivery(facts, ids);

const entryOf = ({ targets }: DeliveryFacts): DesiredEntry => targets[0]!.entry;

describe('a plan for settings of rendering', () => {
  const facts = runningFacts();
  const settled = (render: RenderSettings) => {
    const stages = facts.stages.map((stage) => ({ ...stage, render }));
    return afterPlan({ ...facts, stages }, plan({ ...facts, stages }));
  };

  it('brings them as a release of the same commit, with its own digest', () => {
    const render = { helm: { releaseName: 'shop' } };
    const standing = settled(render);
    const [now, before] = standing.releases.map(({ revision, digests }) => ({ revision, digest: digests['dev'] }));
    expect([now!.revision, now!.digest === before!.digest, entryOf(standing)]).toEqual([
      first,
      false,
      { ...entryOf(facts), release: 'id-1', sourceDigest: now!.digest, render, ...runIntent(['render']) },
    ]);
  });

  it('brings other labels of a cluster at once, without a release, and only where they may be named', () => {
    const relabelled = (standing: DeliveryFacts) => {
      const [cluster] = standing.clusters;
      return plan({ ...standing, clusters: [{ ...cluster!, labels: { ...cluster!.labels, region: 'eu' } }] });
    };
    const filled = relabelled(settled({ substitute: {} }));
    expect([filled.releases, filled.rollouts, filled.changes.map(({ entry }) => entry.clusterLabels)]).toEqual([
      [],
      [],
      [{ dev: 'true', region: 'eu' }],
    ]);
    expect(relabelled(settled({ with: 'plain' })).changes).toEqual([]);
  });

  it('AT-41 lets a target go by a word that every agent knows', () => {
    const standing = settled({ substitute: {} });
    const { changes } = plan({ ...standing, clusters: [] });
    expect(changes.map(({ entry }) => [entry.intent, entry.needs])).toEqual([['orphan', undefined]]);
  });
});

describe('a plan', () => {
  it('brings a first commit to every cluster of the environment, and to no other', () => {
    const clusters = [clusterFacts('c1', 'dev'), clusterFacts('c2', 'dev'), clusterFacts('c3', 'staging')];
    const facts = deliveryFacts({ stages: [devAt(first, 'tree-1')], clusters });
    const { releases, ...rest } = plan(facts);
    const digest = releases[0]!.digests.dev!;
    const change = (uid: string, cluster: string) => ({
      uid,
      cluster,
      environment: 'dev',
      isNew: true,
      onRemove: 'orphan',
      entry: {
        target: uid,
        project: 'default',
        application: 'checkout',
        environment: 'dev',
        intent: 'run',
        release: 'id-1',
        sourceDigest: digest,
        namespace: 'checkout-dev',
        source: {
          url: 'https://git.example.org/shop.git',
          revision: first,
          path: 'services/checkout/dev',
          also: [],
        },
        sync: { prune: true, drift: 'correct', adopt: false, createNamespace: true },
      },
    });
    expect({ releases, ...rest }).toEqual({
      ...emptyPlan,
      releases: [
        {
          uid: 'id-1',
          revision: first,
          digests: { dev: digest },
          contents: {
            dev: {
              source: { url: 'https://git.example.org/shop.git', path: 'services/checkout/dev', also: [] },
              trees: ['tree-1'],
            },
          },
        },
      ],
      rollouts: [{ uid: 'id-4', environment: 'dev', release: 'id-1', revision: first, cause: 'tracking' }],
      changes: [change('id-2', 'c1-uid'), change('id-3', 'c2-uid')],
    });
  });

  it('is empty when it was carried out already', () => {
    expect(plan(runningFacts())).toEqual(emptyPlan);
  });

  it('gives a newer commit to the targets there are, and takes over from a rollout that still runs', () => {
    const before = runningFacts();
    const facts = { ...before, stages: [{ ...before.stages[0]!, head: { commit: second, trees: ['tree-2'] } }] };
    const { releases, rollouts, changes } = plan(facts);
    expect([releases[0]!.revision, rollouts[0]!.supersedes, changes.map(({ uid, isNew }) => [uid, isNew])]).toEqual([
      second,
      before.stages[0]!.current!.rollout,
      [[entryOf(before).target, false]],
    ]);
    expect(changes[0]!.entry.source).toEqual({ ...entryOf(before).source, revision: second });
  });

  it('lets orders of people outlive a release', () => {
    const suspended = { by: 'user:ann', reason: 'looking', since: '2026-01-01T00:00:00.000Z' };
    const before = runningFacts();
    const ordered = { ...entryOf(before), suspended, syncRequest: 'request-1' };
    const facts = { ...before, targets: [targetFacts(ordered, 'c1')], stages: [devAt(second, 'tree-2')] };
    expect(plan(facts).changes[0]!.entry).toMatchObject({ suspended, syncRequest: 'request-1', intent: 'run' });
  });

  it('gives a cluster that joins what runs in its environment, as it stands there', () => {
    const before = runningFacts();
    const facts = { ...before, clusters: [...before.clusters, clusterFacts('c2', 'dev')] };
    const { generation: _, ...standing } = entryOf(before);
    expect(plan(facts)).toEqual({
      ...emptyPlan,
      changes: [
        {
          uid: 'id-1',
          cluster: 'c2-uid',
          environment: 'dev',
          isNew: true,
          onRemove: 'orphan',
          entry: { ...standing, target: 'id-1' },
        },
      ],
    });
  });

  it('carries settings at once, without a release', () => {
    const application = checkoutFacts({
      document: checkoutDocument({ drift: 'report', onRemove: 'delete' }),
      agentCredential: 'shop-read',
    });
    const before = runningFacts();
    const { releases, rollouts, changes } = plan({ ...before, application });
    expect({ releases, rollouts, changes }).toMatchObject({
      releases: [],
      rollouts: [],
      changes: [
        {
          onRemove: 'delete',
          entry: {
            release: entryOf(before).release,
            sync: { drift: 'report' },
            source: { ...entryOf(before).source, credential: 'shop-read' },
          },
        },
      ],
    });
  });
});

describe('AT-05: a failed step never means some other revision', () => {
  const moved = (over: Partial<StageFacts>) => {
    const before = runningFacts();
    const [stage] = before.stages;
    return { before, facts: { ...before, stages: [{ ...stage!, ...over }] } };
  };

  it.each([
    ['the path vanished', { head: { commit: second, trees: [undefined] } }],
    [
      'the path vanished, and another is named by now',
      { path: 'elsewhere', head: { commit: second, trees: [undefined] } },
    ],
    ['a new path was never read', { path: 'elsewhere', head: undefined }],
    ['a new shared input was never read', { also: ['base'], head: undefined }],
  ])('%s: the target stays exactly as it is', (_what, over) => {
    const { facts } = moved(over as Partial<StageFacts>);
    const { changes, releases, rollouts, removals } = plan(facts);
    expect({ changes, releases, rollouts, removals }).toEqual({
      changes: [],
      releases: [],
      rollouts: [],
      removals: [],
    });
  });

  it('a cluster that joins meanwhile gets what stands, path and commit together', () => {
    const { before, facts } = moved({ path: 'elsewhere', head: undefined } as unknown as Partial<StageFacts>);
    const { changes } = plan({ ...facts, clusters: [...facts.clusters, clusterFacts('c2', 'dev')] });
    expect(changes.map(({ entry }) => entry.source)).toEqual([entryOf(before).source]);
  });

  describe('where nothing stands yet, today’s path is never read at yesterday’s commit:', () => {
    const empty = runningFacts({ clusters: [] });
    const joined = { ...empty, clusters: [clusterFacts('c1', 'dev')] };
    const elsewhere = [{ ...empty.stages[0]!, path: 'elsewhere', head: undefined } as unknown as StageFacts];
    const asReleased = [{ entry: { source: { revision: first, path: 'services/checkout/dev' } } }];

    it('a release enters as it was made', () => {
      expect(plan({ ...joined, stages: elsewhere }).changes).toMatchObject(asReleased);
    });

    it('one that did not keep what it was made of enters only where that is still so', () => {
      const releases = empty.releases.map((release) => ({ ...release, contents: {} }));
      expect(plan({ ...joined, releases, stages: elsewhere })).toEqual(emptyPlan);
      expect(plan({ ...joined, releases }).changes).toMatchObject(asReleased);
    });
  });

  it('a stage that Git was never asked about keeps what it runs, and keeps it running', () => {
    const before = runningFacts();
    expect(plan({ ...before, stages: [stageFacts('dev')] })).toEqual(emptyPlan);
  });
});
