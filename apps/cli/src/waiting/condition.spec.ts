import { describe, expect, it } from 'vitest';
import { cluster } from '../nouns/cluster.ts';
import { freeze } from '../nouns/freeze.ts';
import { pipeline } from '../nouns/pipeline.ts';
import { rollback } from '../nouns/rollback.ts';
import { rollout } from '../nouns/rollout.ts';
import { target } from '../nouns/target.ts';
import { sampleCluster, sampleDocument, sampleTarget, type TargetParts } from '../testing/sample-fleet.ts';
import { readConditions } from './condition.ts';

const reason = { code: 'ImagePullBackOff', message: 'no such image' };

function unmet(text: string, parts: TargetParts = {}): string | undefined {
  const [condition] = readConditions(target, [text]);
  return condition!.unmet(sampleTarget('a.b.c', parts));
}

describe('what is waited for', () => {
  it.each([
    ['health=Healthy', {}, undefined],
    ['healthy', {}, undefined],
    ['condition=Healthy', {}, undefined],
    ['Healthy', { status: { health: 'Degraded', reason } }, 'health is Degraded (ImagePullBackOff: no such image)'],
    ['Synced', { status: { sync: 'OutOfSync' } }, 'sync is OutOfSync'],
    ['Synced', { spec: { generation: 4 } }, 'its agent has not told of generation 4 yet'],
    ['Healthy', { status: { connection: 'Lost' } }, 'its cluster is Lost'],
    ['connection=Lost', { status: { connection: 'Lost' } }, undefined],
    ['revision=1a2b', {}, undefined],
    ['revision=ffff', {}, `revision is ${'1a2b3c4d'.padEnd(40, '0')}`],
    ['jsonpath={.spec.cluster}=c', {}, undefined],
    ['jsonpath=.spec.cluster=d', {}, '.spec.cluster is c'],
    ['jsonpath={.status.appliedAt}', {}, undefined],
    ['jsonpath={.status.nothing}', {}, 'has no {.status.nothing}'],
    ['create', {}, undefined],
    ['delete', {}, 'is still there'],
  ] as const)('%s of %j: %s', (text, parts, why) => expect(unmet(text, parts)).toBe(why));

  it.each(['health=Healthy', 'create'])('%s does not hold of what is not there; delete does', (text) => {
    const [wanted, gone] = readConditions(target, [text, 'delete']);
    expect([typeof wanted!.unmet(undefined), gone!.unmet(undefined)]).toEqual(['string', undefined]);
  });

  it.each([
    [{ clusters: 3, acknowledged: 3, offline: 0, unplanned: 0 }, undefined],
    [{ clusters: 100, acknowledged: 97, offline: 3, unplanned: 0 }, '97 of 100 clusters, 3 offline'],
    [{ clusters: 1, acknowledged: 0, offline: 0, unplanned: 1 }, '0 of 1 cluster, 1 application not planned yet'],
    [{ clusters: 0, acknowledged: 0, offline: 0, unplanned: 2 }, '0 of 0 clusters, 2 applications not planned yet'],
  ])('a freeze of %j is acknowledged: %s', (counted, why) => {
    const standing = { state: 'InForce', by: 'user:ann', since: '2026-01-01T00:00:00.000Z', ...counted } as const;
    const [condition] = readConditions(freeze, []);
    expect(condition!.unmet(sampleDocument('Freeze', 'year-end', { status: { freeze: standing } }))).toBe(why);
    expect(condition!.unmet(undefined)).toBe('is not there');
  });

  it.each([
    ['Running', false],
    ['Halted', false],
    ['Superseded', true],
    ['Aborted', true],
    ['Finished', false],
  ])('a rollout or a rollback that is %s is waited for in vain: %s', (state, inVain) => {
    const told = [rollout, rollback].map((noun) => readConditions(noun, [])[0]!.isInVain?.({ status: { state } }));
    expect(told).toEqual([inVain, inVain]);
  });

  it('is what one usually means when nobody says', () => {
    const usual = (noun: typeof target) => readConditions(noun, []).map(({ text }) => text);
    expect([usual(target), usual(cluster)]).toEqual([['sync=Synced', 'health=Healthy'], ['connection=Connected']]);
    expect(readConditions(cluster, [])[0]!.unmet(sampleCluster('eu-1'))).toBeUndefined();
  });

  it.each([
    [target, ['health=Helthy'], /^--for health=Helthy: did you mean Healthy\?$/],
    [target, ['Helthy'], /did you mean Healthy\?$/],
    [target, ['ready'], /of targets there are sync=…, health=…/],
    [cluster, ['health=Healthy'], /of clusters there are connection=…, create, delete/],
    [pipeline, [], /^wait for what\? Say --for delete/],
    [target, ['jsonpath={.a[}=b'], /expected an index/],
  ])('%#: what is not understood is refused with the way out', (noun, texts, message) => {
    expect(() => readConditions(noun, texts)).toThrow(message);
  });
});
