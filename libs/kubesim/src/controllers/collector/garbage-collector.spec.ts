import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestCluster } from '../../testing/test-cluster.ts';

const maps = '/api/v1/namespaces/default/configmaps';

let cluster: TestCluster;

beforeEach(() => {
  cluster = new TestCluster();
  cluster.startControllers();
});

afterEach(() => cluster.stop());

interface Wanted {
  readonly name: string;
  readonly owners?: readonly string[];
  readonly blocks?: boolean;
  readonly finalizers?: readonly string[];
}

/** Makes a config map that is owned by others, and returns its uid. */
async function make({ name, owners = [], blocks = true, finalizers = [] }: Wanted): Promise<string> {
  const references = await Promise.all(
    owners.map(async (owner) => {
      const { metadata } = await cluster.get(`${maps}/${owner}`);
      return { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: metadata.uid, blockOwnerDeletion: blocks };
    }),
  );
  const metadata = { name, ownerReferences: references, finalizers };
  const { body } = await cluster.api.request('POST', maps, { body: { metadata } as never });
  return (body as { metadata: { uid: string } }).metadata.uid;
}

/** The names of what is there, with a mark behind what is going. */
async function present(): Promise<string[]> {
  const items = await cluster.items(maps);
  return items
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
    .map(({ metadata }) => `${metadata.name as string}${metadata.deletionTimestamp ? '†' : ''}`);
}

describe('the garbage collector', () => {
  it('deletes, in the background, what has lost its owner, and what that owned', async () => {
    await make({ name: 'a' });
    await make({ name: 'b', owners: ['a'] });
    await make({ name: 'c', owners: ['b'] });
    await cluster.delete(`${maps}/a`);
    expect(await present()).toEqual(['b', 'c']);
    await cluster.advance(100);
    expect(await present()).toEqual([]);
  });

  it('keeps what still has another owner, and takes the lost one off its list', async () => {
    await make({ name: 'a' });
    await make({ name: 'b' });
    await make({ name: 'c', owners: ['a', 'b'] });
    await cluster.delete(`${maps}/a`);
    await cluster.advance(100);
    expect(await present()).toEqual(['b', 'c']);
    const { metadata } = await cluster.get(`${maps}/c`);
    expect(metadata.ownerReferences.map(({ name }: { name: string }) => name)).toEqual(['b']);
  });

  it('deletes an object that names an owner that never was', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'ghost', uid: 'no-such-uid' };
    await cluster.api.request('POST', maps, { body: { metadata: { name: 'a', ownerReferences: [owner] } } });
    await cluster.advance(100);
    expect(await present()).toEqual([]);
  });

  it('makes an owner that is deleted in the foreground wait for what blocks it', async () => {
    await make({ name: 'a' });
    await make({ name: 'b', owners: ['a'], finalizers: ['example.org/hold'] });
    await make({ name: 'c', owners: ['a'], blocks: false, finalizers: ['example.org/hold'] });
    await cluster.delete(`${maps}/a`, { propagationPolicy: 'Foreground' });
    await cluster.advance(100);
    expect(await present()).toEqual(['a†', 'b†', 'c†']);
    const headers = { 'content-type': 'application/merge-patch+json' };
    await cluster.api.request('PATCH', `${maps}/b`, { headers, body: { metadata: { finalizers: null } } });
    await cluster.advance(100);
    expect(await present()).toEqual(['c†']);
  });

  it('leaves dependents behind without their owner when it is told to', async () => {
    await make({ name: 'a' });
    await make({ name: 'b', owners: ['a'] });
    await cluster.delete(`${maps}/a`, { propagationPolicy: 'Orphan' });
    await cluster.advance(100);
    expect(await present()).toEqual(['b']);
    expect((await cluster.get(`${maps}/b`)).metadata.ownerReferences).toBeUndefined();
  });
});
