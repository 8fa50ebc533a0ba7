import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schemaBreaks } from '@flotilla/contracts/testing';
import type { KubeObject } from '@flotilla/model';
import { agentObjects, applySet, marks } from '../names.ts';
import { goldenRecords } from '../testing/golden-records.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { UpgradeKeeper } from '../upgrade/upgrade-keeper.ts';
import { upgradeRecordSchema } from '../upgrade/upgrade-record.ts';
import { IdentityKeeper, identitySchema } from './identity-keeper.ts';
import { RecordKeeper } from './record-keeper.ts';
import { heldSetSchema, SetKeeper } from './set-keeper.ts';
import { targetRecordSchema } from './target-record.ts';

const schemas: Readonly<Record<keyof typeof goldenRecords, z.ZodType>> = {
  target: targetRecordSchema,
  set: heldSetSchema,
  identity: identitySchema,
  upgrade: upgradeRecordSchema,
};
const frozen = JSON.parse(readFileSync(new URL('../testing/records-1.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;
const { namespace } = agentObjects;
let world: TargetWorld;
beforeEach(async () => {
  world = await TargetWorld.open();
});

/** With something in it, and in everything in it, that only the next version knows. */
function fromTheFuture(text: string): string {
  const grown = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(grown);
    if (value === null || typeof value !== 'object') return value;
    return {
      ...Object.fromEntries(Object.entries(value).map(([key, child]) => [key, grown(child)])),
      later: { deep: {} },
    };
  };
  return JSON.stringify(grown(JSON.parse(text)));
}

const packed = (text: string) => gzipSync(text).toString('base64');
const secret = (name: string, data: object, metadata: object = {}): KubeObject =>
  ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, ...metadata }, data }) as KubeObject;

/** What another version of the agent left in the cluster. */
async function left(change: (text: string) => string): Promise<void> {
  const { target, set, identity, upgrade } = goldenRecords;
  const labels = { [marks.record]: 't1', [applySet.id]: 'applyset-1' };
  const data = { upgrade: change(upgrade) };
  const objects = [
    secret(agentObjects.record('t1'), { record: packed(change(target)) }, { labels }),
    secret(agentObjects.heldSet, { set: packed(change(set)) }),
    secret(agentObjects.identity, { identity: Buffer.from(change(identity)).toString('base64') }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: agentObjects.upgrade, namespace }, data } as KubeObject,
  ];
  for (const object of objects) await world.people.create(object);
}

/** What an agent makes of it. */
async function recalled() {
  const unreadable: string[] = [];
  const [target] = await new RecordKeeper(world.api, namespace).load((name) => unreadable.push(name));
  const set = await new SetKeeper(world.api, namespace).load(({ message }) => unreadable.push(message));
  const identity = await new IdentityKeeper(world.api, namespace).load();
  const { record } = await new UpgradeKeeper(world.api, namespace).load();
  return {
    unreadable,
    owns: target?.inventory.map(({ uid }) => uid),
    runs: target?.running?.release,
    holds: target?.bundles.map(({ files }) => files.map(({ path }) => path)),
    fence: set?.fence,
    entries: set?.entries.map(({ target: each }) => each),
    cluster: identity?.cluster,
    upgrade: record?.phase,
  };
}

const whole = {
  unreadable: [],
  owns: ['uid-1'],
  runs: 'r1',
  holds: [['services/checkout/a.yaml']],
  fence: { epoch: 1, generation: 2 },
  entries: ['t1'],
  cluster: 'c1',
  upgrade: 'Watched',
};

describe('AT-41 what an agent keeps in its cluster, read by another version', () => {
  it('is recalled as the first version wrote it', async () => {
    await left((text) => text);
    expect(await recalled()).toEqual(whole);
  });

  it('is recalled as the next version may write it: no identity, inventory, bundle or fence is lost', async () => {
    await left(fromTheFuture);
    expect(await recalled()).toEqual(whole);
  });

  it.each(Object.keys(schemas) as (keyof typeof schemas)[])('a %s of today is read by the version before', (name) => {
    const shape: unknown = JSON.parse(
      JSON.stringify(z.toJSONSchema(schemas[name], { io: 'input', unrepresentable: 'any' })),
    );
    expect(schemaBreaks(frozen[name], shape)).toEqual([]);
  });

  it('deletes nothing when the record of a target is of a version that it does not know', async () => {
    await left((text) => text.replace('"version":1', '"version":2'));
    world.api.writes.length = 0;
    const { unreadable, owns } = await recalled();
    expect([unreadable, owns, world.api.writes]).toEqual([[agentObjects.record('t1')], undefined, []]);
  });
});
