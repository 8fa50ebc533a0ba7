import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import type { DesiredEntry } from '@flotilla/model';
import type { DeliveryFacts } from '../facts.ts';
import { checkoutDocument, checkoutFacts, clusterFacts } from '../testing/delivery-facts.ts';
import { emptyPlan, runningFacts } from '../testing/written-plan.ts';
import { planDelivery } from './plan-delivery.ts';

const plan = (facts: DeliveryFacts) => planDelivery(facts, countingIds());

const entryOf = ({ targets }: DeliveryFacts): DesiredEntry => targets[0]!.entry;

describe('a target leaves as its application said while it stood, never silently', () => {
  const deleting = { application: checkoutFacts({ document: checkoutDocument({ onRemove: 'delete' }) }) };
  const { document: _, ...deleted } = checkoutFacts();

  it.each([
    ['the application is deleted', { application: deleted, stages: [] }],
    ['its environment leaves the pipeline', { stages: [] }],
    ['the cluster loses the label', { clusters: [clusterFacts('c1', 'staging')] }],
  ])('when %s', (_what, over) => {
    for (const [onRemove, before] of [
      ['orphan', runningFacts()],
      ['delete', runningFacts(deleting)],
    ] as const) {
      const { changes, removals } = plan({ ...before, ...over });
      expect({ changes: changes.map(({ entry }) => entry), removals }).toEqual({
        changes: [{ ...entryOf(before), intent: onRemove }],
        removals: [],
      });
    }
  });

  it('stays in the set until its agent confirms, and is forgotten then', () => {
    const before = runningFacts();
    const [target] = before.targets;
    const leaving = { ...target!, entry: { ...target!.entry, intent: 'orphan' as const } };
    expect(plan({ ...before, stages: [], targets: [leaving] })).toEqual(emptyPlan);
    expect(plan({ ...before, stages: [], targets: [{ ...leaving, gone: true }] })).toEqual({
      ...emptyPlan,
      removals: [{ uid: target!.uid, cluster: 'c1-uid' }],
    });
  });

  it('comes back as it was when its cluster does', () => {
    const before = runningFacts();
    const [target] = before.targets;
    const leaving = { ...target!, entry: { ...target!.entry, intent: 'orphan' as const }, gone: true };
    const { changes, removals } = plan({ ...before, targets: [leaving] });
    const { generation: __, ...standing } = entryOf(before);
    expect({ entries: changes.map(({ entry }) => entry), removals }).toEqual({ entries: [standing], removals: [] });
  });

  it('takes the rollout with it that nothing can finish any more', () => {
    const running = [{ rollout: 'r-dev', environment: 'dev' }];
    expect(plan({ ...runningFacts(), running }).withdrawn).toEqual([]);
    expect(plan({ ...runningFacts(), running, stages: [] }).withdrawn).toEqual(['r-dev']);
  });
});
