import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { sourceDigest } from '@flotilla/model/node';
import type { ReleaseFacts, StageFacts } from './facts.ts';
import { planReleases } from './plan-releases.ts';
import { checkoutFacts, commits, deliveryFacts, stageFacts } from './testing/delivery-facts.ts';

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
/** A release of what the stages hold, with what it is made of there. */
const release = (uid: string, revision: string, digests: Readonly<Record<string, string>>): ReleaseFacts => {
  const made = (environment: string) => ({
    source: { url: repository, path: `services/checkout/${environment}`, also: [] },
  });
  const contents = Object.fromEntries(Object.keys(digests).map((environment) => [environment, made(environment)]));
  return { uid, revision, digests, contents };
};
const nothing = { releases: [], choices: {}, problems: [] };

describe('what Git holds becomes releases', () => {
  it('one for all stages that track the same commit, with a digest for each', () => {
    const digests = { dev: digest('dev', 'tree-d'), staging: digest('staging', 'tree-s') };
    expect(planned({ stages: [at('dev', first, 'tree-d'), at('staging', first, 'tree-s')] })).toEqual({
      releases: [release('release-1', first, digests)],
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
    const releases = [release('old', first, { dev: digest('dev', 'tree') })];
    expect(planned({ releases, stages: [running(at('dev', second, 'tree'), 'old')] })).toEqual(nothing);
  });

  it('one that only the environment enters whose inputs changed', () => {
    const old = release('old', first, { dev: digest('dev', 'd1'), staging: digest('staging', 's1') });
    const stages = [running(at('dev', second, 'd2'), 'old'), running(at('staging', second, 's1'), 'old')];
    expect(planned({ releases: [old], stages })).toMatchObject({
      releases: [{ revision: second, digests: { dev: digest('dev', 'd2'), staging: digest('staging', 's1') } }],
      choices: { dev: 'release-1' },
    });
  });

  it('the one that exists already, when a ref goes back to its commit', () => {
    const [old, newer] = [
      release('old', first, { dev: digest('dev', 'd1') }),
      release('newer', second, { dev: digest('dev', 'd2') }),
    ];
    const stages = [running(at('dev', first, 'd1'), 'newer')];
    expect(planned({ releases: [newer, old], stages })).toEqual({ ...nothing, choices: { dev: 'old' } });
  });

  it('a new one when a shared input changed, or vanished', () => {
    const old = release('old', first, { dev: digest('dev', 'own', 'base') });
    for (const base of ['base-2', undefined]) {
      const stages = [running(at('dev', second, 'own', base), 'old')];
      expect(planned({ releases: [old], stages }).releases).toEqual([
        release('release-1', second, { dev: digest('dev', 'own', base) }),
      ]);
    }
  });

  it('AT-05: none where the own path is missing, which keeps what it runs while other stages go on', () => {
    const stages = [at('dev', second, undefined, 'base'), at('staging', second, 'tree-s')];
    expect(planned({ stages })).toEqual({
      releases: [release('release-1', second, { staging: digest('staging', 'tree-s') })],
      choices: { staging: 'release-1' },
      problems: ['SourcePathMissing: services/checkout/dev does not exist at 22222222; dev keeps what it runs'],
    });
  });
});
