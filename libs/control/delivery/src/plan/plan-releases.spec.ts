import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { sourceDigest } from '@flotilla/model/node';
import type { ReleaseFacts, StageFacts } from '../facts.ts';
import { checkoutFacts, commits, deliveryFacts, stageFacts } from '../testing/delivery-facts.ts';
import { planReleases } from './plan-releases.ts';

const { first, second } = commits;
const repository = checkoutFacts().repositoryUrl!;

const at = (environment: string, commit: string, ...trees: readonly (string | undefined)[]): StageFacts =>
  stageFacts(environment, { head: { commit, trees } });
const digest = (environment: string, ...trees: readonly (string | undefined)[]) =>
  sourceDigest({ repository, path: `services/checkout/${environment}`, trees });
const running = (stage: StageFacts, release: string): StageFacts => ({
  ...stage,
  current: { rollout: `of-${release}`, release, running: false },
});

const planned = (over: Parameters<typeof deliveryFacts>[0]) => {
  const { releases, chosen, problems } = planReleases(deliveryFacts(over), countingIds('release'));
  const choices = Object.fromEntries([...chosen].map(([environment, { uid }]) => [environment, uid]));
  return { releases, choices, problems: problems.map(({ reason, message }) => `${reason}: ${message}`) };
};
/** A release of what stages hold, with what it is made of there. */
const release = (
  uid: string,
  revision: string,
  holds: Readonly<Record<string, readonly (string | undefined)[]>>,
): ReleaseFacts => {
  const stages = Object.entries(holds);
  const made = (environment: string, trees: readonly (string | undefined)[]) => ({
    source: { url: repository, path: `services/checkout/${environment}`, also: [] },
    trees: trees.map((tree) => tree ?? null),
  });
  return {
    uid,
    revision,
    digests: Object.fromEntries(stages.map(([environment, trees]) => [environment, digest(environment, ...trees)])),
    contents: Object.fromEntries(stages.map(([environment, trees]) => [environment, made(environment, trees)])),
  };
};
const nothing = { releases: [], choices: {}, problems: [] };

describe('what Git holds becomes releases', () => {
  it('one for all stages that track the same commit, with a digest for each', () => {
    expect(planned({ stages: [at('dev', first, 'tree-d'), at('staging', first, 'tree-s')] })).toEqual({
      releases: [release('release-1', first, { dev: ['tree-d'], staging: ['tree-s'] })],
      choices: { dev: 'release-1', staging: 'release-1' },
      problems: [],
    });
  });

  it('one for each commit, when stages track different refs', () => {
    expect(planned({ stages: [at('dev', second, 'tree-2'), at('staging', first, 'tree-1')] })).toMatchObject({
      releases: [{ revision: second }, { revision: first }],
      choices: { dev: 'release-1', staging: 'release-2' },
    });
  });

  it('none, as long as Git was not asked', () => {
    expect(planned({ stages: [stageFacts('dev')] })).toEqual(nothing);
  });

  it('none for a commit that leaves the source digest as it is', () => {
    const releases = [release('old', first, { dev: ['tree'] })];
    expect(planned({ releases, stages: [running(at('dev', second, 'tree'), 'old')] })).toEqual(nothing);
  });

  it('one that only the environment enters whose inputs changed', () => {
    const old = release('old', first, { dev: ['d1'], staging: ['s1'] });
    const stages = [running(at('dev', second, 'd2'), 'old'), running(at('staging', second, 's1'), 'old')];
    expect(planned({ releases: [old], stages })).toMatchObject({
      releases: [{ revision: second, digests: { dev: digest('dev', 'd2'), staging: digest('staging', 's1') } }],
      choices: { dev: 'release-1' },
    });
  });

  it('the one that exists already, when a ref goes back to its commit', () => {
    const [old, newer] = [release('old', first, { dev: ['d1'] }), release('newer', second, { dev: ['d2'] })];
    const stages = [running(at('dev', first, 'd1'), 'newer')];
    expect(planned({ releases: [newer, old], stages })).toEqual({ ...nothing, choices: { dev: 'old' } });
  });

  it('a new one when a shared input changed, or vanished', () => {
    const old = release('old', first, { dev: ['own', 'base'] });
    for (const base of ['base-2', undefined]) {
      const stages = [running(at('dev', second, 'own', base), 'old')];
      expect(planned({ releases: [old], stages }).releases).toEqual([
        release('release-1', second, { dev: ['own', base] }),
      ]);
    }
  });

  it('AT-05: none where the own path is missing, which keeps what it runs while other stages go on', () => {
    const stages = [at('dev', second, undefined, 'base'), at('staging', second, 'tree-s')];
    expect(planned({ stages })).toEqual({
      releases: [release('release-1', second, { staging: ['tree-s'] })],
      choices: { staging: 'release-1' },
      problems: ['SourcePathMissing: services/checkout/dev does not exist at 22222222; dev keeps what it runs'],
    });
  });

  describe('where a stage comes after another', () => {
    const following = { after: ['dev'], promote: 'auto' as const, gates: [] };
    const staging = (commit: string, ...trees: readonly string[]) => ({
      ...at('staging', commit, ...trees),
      following,
    });
    const old = release('old', first, { dev: ['d1'], staging: ['s1'] });

    it('holds what that one will run, which is not chosen for it', () => {
      expect(planned({ stages: [at('dev', first, 'd1'), staging(first, 's1')] })).toEqual({
        releases: [release('release-1', first, { dev: ['d1'], staging: ['s1'] })],
        choices: { dev: 'release-1' },
        problems: [],
      });
    });

    it('is made for a commit that changes only what that one will run, once', () => {
      const stages = [running(at('dev', second, 'd1'), 'old'), staging(second, 's2')];
      const newer = release('release-1', second, { dev: ['d1'], staging: ['s2'] });
      expect(planned({ releases: [old], stages })).toEqual({ ...nothing, releases: [newer] });
      expect(planned({ releases: [newer, old], stages })).toEqual(nothing);
    });

    it('is made anew when Git goes back, or it would be older than what it takes the place of', () => {
      const newer = release('newer', second, { dev: ['d2'], staging: ['s2'] });
      const stages = [running(at('dev', first, 'd1'), 'newer'), staging(first, 's1')];
      expect(planned({ releases: [newer, old], stages })).toMatchObject({
        releases: [{ uid: 'release-1', revision: first, digests: old.digests }],
        choices: { dev: 'release-1' },
      });
    });
  });
});
