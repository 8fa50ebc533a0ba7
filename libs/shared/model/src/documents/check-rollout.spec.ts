import { describe, expect, it } from 'vitest';
import { rolloutProblems } from './check-rollout.ts';
import { anyDocumentSchema, documentId, documentSchemas, keyOfDocument } from './document.ts';

const head = { apiVersion: 'fleet.flotilla.dev/v1alpha1' };

function environmentWith(rollout: object | undefined) {
  const spec = { clusters: { matchLabels: { stage: 'production' } }, rollout };
  return anyDocumentSchema.parse({ ...head, kind: 'Environment', metadata: { name: 'production' }, spec });
}

function found(narrowing: object, strategy: object | undefined): string[] {
  const environment = environmentWith(strategy);
  const spec = {
    pipeline: 'standard',
    source: { repository: 'code', path: 'checkout' },
    namespace: 'shop',
    in: { production: { rollout: narrowing } },
  };
  const application = documentSchemas.Application.parse({
    ...head,
    kind: 'Application',
    metadata: { name: 'checkout' },
    spec,
  });
  const documents = new Map([[documentId(keyOfDocument(environment)), environment]]);
  return rolloutProblems(application, documents).map(({ path, message }) => `${path.join('.')} ${message}`);
}

const strategy = {
  waves: [{ name: 'canary', take: 1, minSuccessTime: '30m' }],
  maxConcurrency: 10,
  maxFailures: '10%',
  progressDeadline: '15m',
};
const narrows = 'an application narrows and never widens';

describe('what an application says of its rollouts', () => {
  it.each<[string, object, object | undefined, string[]]>([
    [
      'may be narrower',
      { maxConcurrency: 2, maxFailures: '0%', progressDeadline: '5m', minSuccessTime: '1h' },
      strategy,
      [],
    ],
    ['may be anything where its environment says nothing', { maxConcurrency: 200 }, undefined, []],
    ['may be the same', { maxConcurrency: 10, progressDeadline: '900s', minSuccessTime: '30m' }, strategy, []],
    ['may be in other units', { maxConcurrency: '50%', maxFailures: 1 }, strategy, []],
    [
      'is refused where it is wider',
      { maxConcurrency: 11, maxFailures: '11%', progressDeadline: '16m', minSuccessTime: '29m' },
      strategy,
      [
        `spec.in.production.rollout.maxConcurrency allows 11 where environment production allows 10; ${narrows}`,
        `spec.in.production.rollout.maxFailures allows 11% where environment production allows 10%; ${narrows}`,
        `spec.in.production.rollout.progressDeadline allows 16m where environment production allows 15m; ${narrows}`,
        `spec.in.production.rollout.minSuccessTime allows success after 29m where environment production allows it after 30m; ${narrows}`,
      ],
    ],
  ])('%s', (_what, narrowing, of, expected) => {
    expect(found(narrowing, of)).toEqual(expected);
  });
});

describe('a rollout strategy', () => {
  it.each<[string, object, string | undefined]>([
    ['may say nothing but that there is one', {}, undefined],
    ['counts or takes shares', { maxConcurrency: '25%', maxFailures: 0 }, undefined],
    ['goes on with somebody', { maxConcurrency: 0 }, 'must be a whole number from 1, or a percentage such as 25%'],
    [
      'has no more than there are',
      { maxFailures: '101%' },
      'must be a whole number from 0, or a percentage such as 25%',
    ],
    ['does not know words', { maxConcurrency: 'some' }, 'must be a whole number from 1, or a percentage such as 25%'],
    ['names each wave once', { waves: [{ name: 'a', take: 1 }, { name: 'a' }] }, 'wave a is there twice'],
    ['has at least one wave where it has waves', { waves: [] }, 'Too small: expected array to have >=1 items'],
    [
      'waits before waves',
      gated({ approval: { users: ['ann'] } }, { window: { allow: '0 8 * * *', duration: '1h' } }),
      undefined,
    ],
    [
      'has its own word for how long a wave is well',
      gated({ soak: '1h' }),
      'is no gate of a wave; `minSuccessTime` of the wave before it is how long that has to be well',
    ],
    ['asks somebody outside between waves', gated(web('https://ci.example.org')), undefined],
    [
      'asks each of them once before a wave',
      gated(web('https://ci.example.org'), web('https://ci.example.org')),
      'must not ask the same `url` twice',
    ],
    ['takes one thing a gate', gated({}), 'must be exactly one of soak, approval, window, dependency, web'],
  ])('%s', (_what, rollout, expected) => {
    const read = documentSchemas.Environment.shape.spec.shape.rollout.safeParse(rollout);
    expect(read.error?.issues[0]?.message).toBe(expected);
  });
});

function web(url: string): object {
  return { web: { url, secret: 'ci' } };
}

function gated(...gates: readonly object[]): object {
  return {
    waves: [
      { name: 'canary', take: 1 },
      { name: 'rest', gates },
    ],
  };
}
