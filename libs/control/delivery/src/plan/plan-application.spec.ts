import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { noFence } from '@flotilla/model';
import { checkoutFacts, clusterFacts, commits, stageFacts } from '../testing/delivery-facts.ts';
import { InMemoryDeliveryRecord } from '../testing/in-memory-delivery-record.ts';
import { planApplication } from './plan-application.ts';

const { first, second } = commits;

/** `checkout` in two environments, each with a cluster of its own. */
function openPlanner() {
  const trees: Record<string, string | undefined> = { dev: 'd1', staging: 's1' };
  let commit: string = first;
  const stages = () =>
    ['dev', 'staging'].map((environment) => stageFacts(environment, { head: { commit, trees: [trees[environment]] } }));
  const clusters = [clusterFacts('c1', 'dev'), clusterFacts('c2', 'staging')];
  const application = checkoutFacts();
  const outside = (uid: string) => (uid === application.uid ? { application, clusters, stages: stages() } : undefined);
  const record = new InMemoryDeliveryRecord({ outside });
  const ids = countingIds();
  return {
    push: (to: string, changed: typeof trees) => {
      commit = to;
      Object.assign(trees, changed);
    },
    plan: (uid = application.uid) => planApplication({ record, ids }, uid),
    runs: async () => {
      const sets = await Promise.all(clusters.map(({ uid }) => record.setFor(uid, noFence)));
      return sets.flatMap((set) => set!.entries.map(({ environment, source }) => [environment, source.revision]));
    },
  };
}

describe('planning an application', () => {
  it('writes what could be planned before it says what a person has to mend', async () => {
    const planner = openPlanner();
    await planner.plan();
    planner.push(second, { dev: undefined, staging: 's2' });
    await expect(planner.plan()).rejects.toMatchObject({
      code: 'invalid',
      reason: 'SourcePathMissing',
      message: 'services/checkout/dev does not exist at 22222222; dev keeps what it runs',
      consequence: { kind: 'stall', until: 'the repository or the application changes' },
    });
    expect(await planner.runs()).toEqual([
      ['dev', first],
      ['staging', second],
    ]);
  });

  it('names everything that has to be mended', async () => {
    const planner = openPlanner();
    planner.push(second, { dev: undefined, staging: undefined });
    await expect(planner.plan()).rejects.toThrow(/checkout\/dev .+; services\/checkout\/staging .+/);
  });

  it('has nothing to do for an application of which nothing is left', async () => {
    expect(await openPlanner().plan('nobody')).toBeUndefined();
  });
});
