import { describe, expect, it } from 'vitest';
import { rolloutStrategySchema } from '@flotilla/model';
import type { TargetFacts } from '../facts.ts';
import { clusterFacts } from '../testing/delivery-facts.ts';
import { courseInto } from './course-into.ts';

const gates = [{ approval: { users: ['eve'], count: 1 } }];
const strategy = rolloutStrategySchema.parse({
  waves: [
    { name: 'canary', take: 1 },
    { name: 'rest', gates },
  ],
});
const clusters = ['c1', 'c2'].map((name) => clusterFacts(name, 'dev'));
const heldAt = (environment: string, sourceDigest: string) =>
  ({ environment, pin: { content: { sourceDigest } } }) as unknown as TargetFacts;

describe('how a release goes into an environment', () => {
  it.each([
    ['through the gates of its waves', [], [undefined, gates]],
    ['through them where somebody is held at something else', [heldAt('dev', 'd2')], [undefined, gates]],
    ['through them where what it brings is held elsewhere', [heldAt('staging', 'd1')], [undefined, gates]],
    ['past them where it mends Git after a rollback', [heldAt('dev', 'd1')], [undefined, undefined]],
  ])('%s', (_what, targets, expected) => {
    const into = { environment: 'dev', rollout: { strategy } };
    const { waves } = courseInto(into, { digests: { dev: 'd1' } }, { targets, clusters });
    expect(waves.map((wave) => wave.gates)).toEqual(expected);
  });
});
