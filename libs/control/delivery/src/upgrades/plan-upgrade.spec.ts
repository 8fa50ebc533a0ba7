import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentFeatures, type UpgradeProgress } from '@flotilla/model';
import { offlineMs, planUpgrade, silenceMs } from './plan-upgrade.ts';
import type { UpgradeClusterFacts, UpgradeFacts } from './upgrade-facts.ts';

const now = 10_000_000;
const features = [agentFeatures.upgrade];

function clusterOf(name: string, over: Partial<UpgradeClusterFacts> = {}): UpgradeClusterFacts {
  const base = { cluster: `uid-${name}`, name, state: 'Waiting', since: now, connection: 'Connected' } as const;
  return { ...base, features, unwell: [], ...over };
}

function factsOf(clusters: readonly UpgradeClusterFacts[], over: Partial<UpgradeFacts> = {}): UpgradeFacts {
  const base = { state: 'Running', version: '0.2.0', atOnce: 2, failuresMax: 0, deadlineSeconds: 600 } as const;
  return { ...base, forgiven: 0, clusters, now, ...over };
}

const said = (state: UpgradeProgress['state'], version = '0.2.0') => ({ upgrade: 'u', state, version });
const upgrading = (over: Partial<UpgradeClusterFacts> = {}) => clusterOf('a', { state: 'Upgrading', ...over });

/** What a plan does, in words: `a Upgrading, b Failed AgentSilent; Halted`. */
function told(facts: UpgradeFacts): string {
  const { changes, state } = planUpgrade(facts);
  const steps = changes.map(({ name, state: to, reason }) => [name, to, reason?.code].filter(Boolean).join(' '));
  return [...steps, state].join('; ');
}

describe('AT-41 which clusters get the new agent next', () => {
  const waiting = ['d', 'b', 'c'].map((name) => clusterOf(name));
  const done = clusterOf('a', { state: 'Upgraded' });
  const tooLate = now - 600_000 - silenceMs - 1;

  it.each<[string, UpgradeFacts, string]>([
    ['the first goes alone', factsOf(waiting), 'b Upgrading; Running'],
    ['and nobody else while it is under way', factsOf([upgrading(), ...waiting]), 'Running'],
    ['then as many as may', factsOf([done, ...waiting]), 'b Upgrading; c Upgrading; Running'],
    [
      'whoever is not heard is passed over',
      factsOf([done, clusterOf('b', { connection: 'Lost' }), clusterOf('c')]),
      'c Upgrading; Running',
    ],
    ['nobody while we are deaf', factsOf([done, clusterOf('b', { connection: 'Deaf' })]), 'Running'],
    ['nobody while it is paused', factsOf([done, ...waiting], { state: 'Paused' }), 'Paused'],
    ['nobody once it is halted', factsOf([done, ...waiting], { state: 'Halted' }), 'Halted'],
    [
      'an agent that cannot is skipped',
      factsOf([clusterOf('b', { features: [] }), clusterOf('c')]),
      'b Skipped AgentTooOld; c Upgrading; Running',
    ],
    [
      'one that has not said its first word is waited for as well',
      factsOf([done, clusterOf('b', { connection: 'Pending', features: undefined })]),
      'Running',
    ],
    ['one that is away is waited for', factsOf([done, clusterOf('b', { connection: 'Lost' })]), 'Running'],
    [
      'but not for ever',
      factsOf([{ ...done, since: 0 }, clusterOf('b', { connection: 'Lost', since: 0 })], { now: offlineMs + 1 }),
      'b Skipped Offline; Finished',
    ],
    [
      'what is aborted ends',
      factsOf([done, upgrading({ name: 'b' }), clusterOf('c')], { state: 'Aborted' }),
      'b Skipped Aborted; c Skipped Aborted; Aborted',
    ],
    [
      'done, of the right version, with all targets well',
      factsOf([upgrading({ said: said('Done') }), clusterOf('b')]),
      'a Upgraded; b Upgrading; Running',
    ],
    ['the last one', factsOf([upgrading({ said: said('Done') })]), 'a Upgraded; Finished'],
    [
      'of another version',
      factsOf([upgrading({ said: said('Done', '0.1.0') }), clusterOf('b')]),
      'a Failed VersionDiffers; Halted',
    ],
    [
      'a target is not well yet',
      factsOf([upgrading({ said: said('Done'), unwell: ['shop in dev'] }), clusterOf('b')]),
      'Running',
    ],
    [
      'and never is again',
      factsOf([upgrading({ said: said('Done'), unwell: ['shop in dev'], since: tooLate }), clusterOf('b')]),
      'a Failed TargetsUnwell; Halted',
    ],
    [
      'the old agent is back',
      factsOf([
        upgrading({ said: { ...said('Failed'), reason: { code: 'AgentUpgradeFailed', message: 'it crashed' } } }),
        clusterOf('b'),
      ]),
      'a Failed AgentUpgradeFailed; Halted',
    ],
    [
      'an agent that is managed elsewhere does not count as a failure',
      factsOf([
        upgrading({ said: { ...said('Unable'), reason: { code: 'NotManaged', message: '' } } }),
        clusterOf('b'),
      ]),
      'a Skipped NotManaged; b Upgrading; Running',
    ],
    [
      'silence has a deadline',
      factsOf([upgrading({ since: tooLate }), clusterOf('b')]),
      'a Failed AgentSilent; Halted',
    ],
    [
      'a failure within the budget',
      factsOf([upgrading({ said: said('Failed') }), clusterOf('b')], { failuresMax: 1 }),
      'a Failed AgentUpgradeFailed; b Upgrading; Running',
    ],
    [
      'what a person forgave does not halt it again',
      factsOf([clusterOf('a', { state: 'Failed' }), clusterOf('b')], { forgiven: 1 }),
      'b Upgrading; Running',
    ],
  ])('%s', (_what, facts, expected) => {
    expect(told(facts)).toBe(expected);
  });

  it('says who failed when it halts', () => {
    const failed = ['a', 'b'].map((name) => clusterOf(name, { state: 'Failed' }));
    expect(planUpgrade(factsOf([...failed, clusterOf('c')])).reason).toEqual({
      code: 'FailuresExceeded',
      message: '2 failed, and at most 0 may: a, b',
    });
  });
});

/** What the world makes of clusters between two looks: some end well, some fail, some go away and come back. */
const fates = array(constantFrom('Done', 'Failed', 'Working', 'lost', 'back'), { minLength: 8, maxLength: 8 });
const course = record({
  atOnce: integer({ min: 1, max: 4 }),
  failuresMax: integer({ min: 0, max: 3 }),
  rounds: array(fates, { minLength: 1, maxLength: 20 }),
});

function lived(cluster: UpgradeClusterFacts, fate: string): UpgradeClusterFacts {
  if (fate === 'lost') return { ...cluster, connection: 'Lost' };
  if (fate === 'back') return { ...cluster, connection: 'Connected' };
  return cluster.state === 'Upgrading' ? { ...cluster, said: said(fate as 'Done') } : cluster;
}

/** The facts after a round, and who was begun in it. */
function playRound(facts: UpgradeFacts, round: readonly string[]): { facts: UpgradeFacts; begun: string[] } {
  const clusters = facts.clusters.map((cluster, index) => lived(cluster, round[index]!));
  const plan = planUpgrade({ ...facts, clusters });
  const states = new Map(plan.changes.map(({ cluster, state }) => [cluster, state]));
  const after = clusters.map((each) => ({ ...each, state: states.get(each.cluster) ?? each.state }));
  const begun = plan.changes.filter(({ state }) => state === 'Upgrading').map(({ name }) => name);
  return { facts: { ...facts, clusters: after, state: plan.state }, begun };
}

function isWithinBounds({ clusters, atOnce, failuresMax }: UpgradeFacts, begun: readonly string[]): boolean {
  const counted = (state: string) => clusters.filter((each) => each.state === state).length;
  const widest = counted('Upgraded') > 0 ? atOnce : 1;
  const isTooMuch = counted('Failed') > failuresMax;
  // At most those that were under way when the budget was spent fail beyond it.
  const isContained = counted('Failed') <= failuresMax + atOnce;
  return counted('Upgrading') <= widest && isContained && !(isTooMuch && begun.length > 0);
}

describe('AT-41 whatever happens to the clusters', () => {
  it('an upgrade never goes wider than it may, never on after too many failures, and touches each cluster once', () => {
    const eight = Array.from({ length: 8 }, (_, index) => clusterOf(`c${index}`));
    const holds = property(course, ({ atOnce, failuresMax, rounds }) => {
      let facts = factsOf(eight, { atOnce, failuresMax });
      const all: string[] = [];
      for (const round of rounds) {
        const played = playRound(facts, round);
        facts = played.facts;
        all.push(...played.begun);
        if (!isWithinBounds(facts, played.begun)) return false;
      }
      return new Set(all).size === all.length;
    });
    expect(() => assert(holds, { numRuns: 300 })).not.toThrow();
  });
});
