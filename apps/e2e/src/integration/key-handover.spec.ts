import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type SignedText } from '@flotilla/contracts';
import { isoTime, Redacted, systemClock } from '@flotilla/foundation';
import { controlUser, orderKeyPair, signKeyList, type OrderKeyPair } from '@flotilla/platform-bus';
import { passing, startFaultProxy, until, type Child, type FaultProxy } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawNats } from '../support/raw-nats.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
let plane: PlaneFixture;
let proxy: FaultProxy;
let cluster: SimulatedClusterProcess;
let agent: Child;
/** Hears in the AGENTS account, on the broker's side of the partition, what goes to clusters. */
let eye: RawNats;
let lists: readonly SignedText[] = [];
let key: OrderKeyPair;

beforeAll(async () => {
  plane = await startPlane();
  proxy = await startFaultProxy({ to: plane.nats.port });
  await plane.restart('status', { AGENT_NATS_URL: `nats://127.0.0.1:${proxy.port}` });
  key = keyOf(plane.secrets.orderKey);
  const { broker } = plane.secrets;
  const unbounded = controlUser({ ...broker, controlAccount: broker.agentsAccount }, 'eye', systemClock.now());
  eye = await RawNats.connect(plane.nats.port, unbounded);
  eye.subscribe('fleet.*.down.set');
  await eye.flush();
  await plane.git.createRepository('shop', filesOf('first'));
  const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  cluster = await startSimulatedCluster(plane.directory, 'c');
  agent = await startAgentProcess(plane, { name: 'c', labels: { dev: 'true' }, access: cluster.access });
  await runs('first');
});

afterAll(async () => {
  await agent?.stop();
  await Promise.all([eye, cluster, proxy].map((each) => each?.stop()));
  await plane?.stop();
});

const filesOf = (text: string) => ({
  'services/checkout/dev/a.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: ${text}}\n`,
});
const keyOf = (seed: string) => orderKeyPair(new Redacted(seed));
/** Who signed the sets that went out since this was asked last. */
function signers(): string[] {
  const sent = eye.heard.splice(0).map(({ text }) => /Flotilla-Signature: ?([^:]+):/.exec(text)?.[1] ?? 'nobody');
  return [...new Set(sent)];
}

async function push(text: string): Promise<void> {
  await plane.git.commit('shop', filesOf(text));
  const look = () => plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  await until(() => look().then(() => true), { what: 'the order to be taken', timeoutMs: 30_000 });
}

/** A set that says this has gone out, whether or not it arrives. */
const isSent = (text: string) =>
  until(() => eye.heard.length > 0, { what: `the set with ${text} to be sent`, timeoutMs: 30_000 });

async function isRunning(text: string): Promise<boolean> {
  const named = { group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'a' };
  const object = await cluster.client.get(named).catch(() => undefined);
  const { items } = await plane.client.call(operations.listTargets, { params });
  const isThere = (object?.['data'] as { a?: string } | undefined)?.a === text && items[0]?.status.sync === 'Synced';
  // What the agent says of it may still be on its way.
  return isThere && (await releases())[0] === items[0]?.spec.release;
}

const runs = (text: string) =>
  until(() => isRunning(text), { what: `${text} to run`, timeoutMs: 90_000, intervalMs: 200 });

/** As the command does it: the new key is named by the old one, which is believed for another hour. */
async function rotate(fill: string): Promise<OrderKeyPair> {
  const seed = Buffer.alloc(32, fill).toString('base64');
  const [old, next, now] = [key, keyOf(seed), systemClock.now()];
  const keys = [next.publicKey, { ...old.publicKey, until: isoTime(now + 3_600_000) }];
  lists = [...lists, signKeyList({ number: lists.length + 1, keys }, { key: old, now })];
  await plane.restart('delivery', { ORDER_KEY: seed, ORDER_KEY_LISTS: JSON.stringify(lists) });
  return (key = next);
}

const releases = async () => {
  const { items } = await plane.client.call(operations.listDeployments, { params });
  return items.map(({ release }) => release);
};

describe('AT-26: the order key is rotated while a set is on its way through a broker that is cut off', () => {
  it.each([
    ['and what it held arrives late', 'b', 2, () => proxy.set({ kind: 'silent' }), () => proxy.set(passing)],
    ['and what it held is lost', 'c', 1, () => proxy.close(), () => proxy.open()],
  ] as const)('%s', async (_, fill, deployedMax, part, heal) => {
    signers();
    const before = await releases();
    const old = key;
    await part();
    await push(`old${fill}`);
    await isSent(`old${fill}`);
    const next = await rotate(fill);
    const sentBefore = signers();
    await push(`new${fill}`);
    await isSent(`new${fill}`);
    await heal();
    await runs(`new${fill}`);
    const deployed = (await releases()).slice(0, -before.length);
    expect({
      sent: [sentBefore, signers()],
      isEachOnce: new Set(deployed).size === deployed.length,
      isAsMany: deployed.length >= 1 && deployed.length <= deployedMax,
    }).toEqual({ sent: [[old.publicKey.id], [next.publicKey.id]], isEachOnce: true, isAsMany: true });
  });
});
