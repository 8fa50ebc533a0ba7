import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiFault, FlotillaClient } from '@flotilla/client';
import { operations, type StreamEvent } from '@flotilla/contracts';
import { hmacSha256 } from '@flotilla/foundation/node';
import { documentApiVersion } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { NoticeReceiver } from '../support/notice-receiver.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
let plane: PlaneFixture;
let agent: RawAgent;
let receiver: NoticeReceiver;

beforeAll(async () => {
  receiver = await NoticeReceiver.open();
  plane = await startPlane({ replicas: 2, environment: { NOTIFY_NETWORKS: 'loopback' } });
  await plane.git.createRepository('shop', {
    'services/checkout/dev/a.yaml': 'a: 1',
    'services/checkout/staging/a.yaml': 'a: 1',
  });
  const text = fleetDocuments(['checkout'], { environments: ['dev', 'staging'], url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  agent = await RawAgent.enrol(plane.client, plane.urls[1]!, { name: 'c1', labels: { dev: 'true', staging: 'true' } });
});

afterAll(async () => {
  await agent?.stop();
  await plane?.stop();
  await receiver?.close();
});

const newest = () => agent.sets.at(-1)!;
const fenceOf = ({ epoch, generation }: { epoch: number; generation: number }) => ({ epoch, generation });

describe('two replicas of each service', () => {
  it('bring a commit to a cluster as a signed set, and its report back to a screen', async () => {
    const events: StreamEvent[] = [];
    const leaving = new AbortController();
    const other = new FlotillaClient({ server: plane.urls[1]!, token: plane.secrets.bootstrapToken });
    const watching = (async () => {
      for await (const event of other.stream('default', ['target'], leaving.signal)) events.push(event);
    })().catch(() => undefined);
    await until(() => events.some(({ type }) => type === 'BOOKMARK'), { what: 'the bookmark' });
    agent.hello();
    await until(() => agent.sets.some(({ entries }) => entries.length === 2), { what: 'the whole set' });
    expect(agent.raw.find(({ subject }) => subject.endsWith('.set'))!.headers).toHaveProperty('Flotilla-Signature');
    const number = agent.report(newest().entries.map((entry) => agent.well(entry)));
    await until(() => agent.receipts.includes(number), { what: 'the receipt' });
    await until(
      async () => {
        const { items } = await other.call(operations.listTargets, { params });
        return (
          items.length === 2 && items.every(({ status }) => status.health === 'Healthy' && status.sync === 'Synced')
        );
      },
      { what: 'two well targets' },
    );
    await until(() => events.filter(({ type }) => type === 'MODIFIED' || type === 'ADDED').length >= 2, {
      what: 'the stream to tell',
    });
    leaving.abort();
    await watching;
  });

  it('send only what changed, and everything again to an agent that lost what it held', async () => {
    const before = fenceOf(newest());
    agent.hello(before);
    const commit = await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': 'a: 2' });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    const change = await until(
      () => agent.sets.find(({ entries }) => entries.some(({ source }) => source.revision === commit)),
      {
        what: 'the change',
      },
    );
    expect(change.entries.map(({ environment }) => environment)).toEqual(['dev']);
    expect(change.generation).toBeGreaterThan(before.generation);
    const changes = agent.sets.length;
    agent.hello();
    await until(
      () => agent.sets.slice(changes).some(({ previous, entries }) => previous === 0 && entries.length === 2),
      {
        what: 'the whole set again',
      },
    );
  });

  it('ask an agent whose confirmed status differs from what is stored to say everything again', async () => {
    const receipts = agent.receipts.length;
    const isAsked = () => {
      agent.hello(fenceOf(newest()), 'something else');
      return agent.receipts.slice(receipts).includes(0);
    };
    await until(isAsked, { what: 'the request for all', intervalMs: 500 });
  });

  it('explain, suspend and resume', async () => {
    const { items } = await plane.client.call(operations.listTargets, { params, query: { environment: 'dev' } });
    const [target] = items;
    const story = await plane.client.call(operations.getTarget, { params: { ...params, uid: target!.metadata.uid } });
    expect(story.explanation).not.toEqual([]);
    const choice = { environment: 'dev' };
    const suspended = await plane.client.call(operations.suspendTargets, {
      params,
      body: { choice, reason: 'looking' },
    });
    expect(suspended.targets.map(({ name }) => name)).toEqual(['checkout.dev.c1']);
    // What else changed may come in the same set, and an older one behind it: agents go by the generation.
    const ofDev = () => agent.sets.flatMap(({ entries }) => entries).filter(({ environment }) => environment === 'dev');
    const suspension = () => ofDev().toSorted((one, other) => other.generation - one.generation)[0]?.suspended;
    await until(() => suspension()?.reason === 'looking', { what: 'the suspension' });
    await plane.client.call(operations.resumeTargets, { params, body: choice });
    await until(() => suspension() === undefined, { what: 'the end of it' });
  });

  it('tell somebody outside of what happens, again while that is out of order, and under one id', async () => {
    const { url, secret } = receiver;
    const credential = { kind: 'webhook', secret } as const;
    await plane.client.call(operations.putCredential, { params: { ...params, name: 'on-call' }, body: credential });
    const spec = { when: ['target.suspend', 'freeze.*', 'breakglass.*'], to: { webhook: { url, secret: 'on-call' } } };
    const notifier = { apiVersion: documentApiVersion, kind: 'Notifier', metadata: { name: 'on-call' }, spec };
    const files = [{ file: 'on-call', text: JSON.stringify(notifier) }];
    await plane.client.call(operations.applyDocuments, { params, body: { files } });
    const choice = { environment: 'staging' };
    await plane.client.call(operations.suspendTargets, { params, body: { choice, reason: 'looking' } });
    await plane.client.call(operations.resumeTargets, { params, body: choice });
    await until(() => receiver.told.length === 2, { what: 'the second request' });
    const [first, second] = receiver.told;
    expect(first).toEqual({ delivery: second!.delivery, actions: ['target.suspend'], isSigned: true });
    expect(second).toEqual(first);
  });

  it('AT-38: freeze, are told who keeps it, let one release through a broken glass, and lift', async () => {
    const spec = { environments: ['dev'], reason: 'incident 42', until: 'lifted' };
    const freeze = { apiVersion: documentApiVersion, kind: 'Freeze', metadata: { name: 'incident' }, spec };
    const files = [{ file: 'incident', text: JSON.stringify(freeze) }];
    const named = { params: { ...params, plural: 'freezes', name: 'incident' } } as const;
    const ofDev = () =>
      agent.sets.flatMap(({ entries }) => entries).findLast(({ environment }) => environment === 'dev');
    const standing = async () => {
      const { clusters, acknowledged, unplanned } = (await plane.client.call(operations.getDocument, named)).status
        .freeze!;
      return { clusters, acknowledged, unplanned };
    };
    const set = await plane.client.call(operations.applyDocuments, { params, body: { files } });
    expect(set.changes.map(({ blast }) => blast)).toEqual([
      { targets: 1, applications: 1, environments: 1, clusters: 1 },
    ]);
    await until(() => ofDev()?.frozen?.[0]?.by === 'user:bootstrap', { what: 'the frozen entry' });
    const before = ofDev()!.source.revision;
    expect(await standing()).toEqual({ clusters: 1, acknowledged: 0, unplanned: 0 });
    agent.report([agent.well(ofDev()!)]);
    await until(async () => (await standing()).acknowledged === 1, { what: 'the acknowledgement' });
    const commit = await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': 'a: frozen' });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    const rollouts = () => plane.client.call(operations.listRollouts, { params, query: { environment: 'dev' } });
    await until(async () => (await rollouts()).items.some((rollout) => rollout.spec.revision === commit), {
      what: 'the rollout',
    });
    expect(ofDev()!.source.revision).toBe(before);
    const breaking = { choice: { environment: 'dev' }, reason: 'the fix', for: '10m' };
    await plane.client.call(operations.breakGlass, { params, body: breaking });
    await until(() => ofDev()!.source.revision === commit, { what: 'the fix' });
    expect([ofDev()!.intent, ofDev()!.breakGlass?.reason]).toEqual(['run-if-understood', 'the fix']);
    await plane.client.call(operations.deleteDocument, { ...named, query: { dryRun: 'false' } });
    await until(() => ofDev()!.frozen === undefined && ofDev()!.breakGlass === undefined, { what: 'the end of it' });
    const told = () => receiver.told.flatMap(({ actions }) => actions).slice(2);
    await until(() => told().length === 3, { what: 'somebody outside to hear of it' });
    expect(told()).toEqual(['freeze.set', 'breakglass.sync', 'freeze.lift']);
  });
});

describe('the front door', () => {
  it('lets nobody in without a token, says who may, and serves what it says it serves', async () => {
    const stranger = new FlotillaClient({ server: plane.urls[0]! });
    await expect(stranger.call(operations.listTargets, { params })).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const operation of Object.values(operations)) {
      const path = operation.path.replaceAll(/\{\w+\}/g, 'x');
      const response = await fetch(plane.urls[0]! + path, { method: operation.method });
      await response.body?.cancel();
      const isPublic = operation.permission === 'public';
      expect({ path, closed: response.status === 401, isPublic }).toEqual({
        path,
        closed: path === '/hooks/x' || !isPublic,
        isPublic,
      });
    }
    const unknown = await fetch(`${plane.urls[0]}/api/v1/nothing`);
    expect(unknown.status).toBe(404);
    const document = (await (await fetch(`${plane.urls[0]}/api/openapi.json`)).json()) as {
      paths: Record<string, unknown>;
    };
    expect(Object.keys(document.paths).toSorted()).toEqual(
      [...new Set(Object.values(operations).map(({ path }) => path))].toSorted(),
    );
  });

  it('answers a wrong request with every problem in it, as problem+json with its place', async () => {
    const file = { file: 'bad.yaml', text: fleetDocuments(['x']).replace('pipeline: standard', 'pipelin: standard') };
    const failing = plane.client.call(operations.applyDocuments, { params, body: { files: [file] } });
    await expect(failing).rejects.toBeInstanceOf(ApiFault);
    const { problem } = (await failing.catch((error: unknown) => error)) as ApiFault;
    expect(problem).toMatchObject({ status: 422, code: 'RequestInvalid', retryable: false });
    expect(problem.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ file: 'bad.yaml', line: expect.any(Number) })]),
    );
    await expect(
      plane.client.call(operations.listTargets, { params, query: { cursor: 'forged' } }),
    ).rejects.toMatchObject({ reason: 'CursorInvalid' });
  });

  it('gives the first answer again to a request that is repeated with its key', async () => {
    const body = { name: 'twice', labels: {} };
    const once = () => plane.client.call(operations.joinCluster, { params, body }, { idempotencyKey: 'join-twice' });
    const [first, second] = [await once(), await once()];
    expect(second).toEqual(first);
    const other = plane.client.call(
      operations.joinCluster,
      { params, body: { name: 'other', labels: {} } },
      { idempotencyKey: 'join-twice' },
    );
    await expect(other).rejects.toMatchObject({ reason: 'IdempotencyKeyReused' });
  });

  it('takes a webhook only with the signature of its repository, and reads nothing in it', async () => {
    const secret = 'a-secret-of-the-repository';
    await plane.client.call(operations.putCredential, {
      params: { ...params, name: 'hook' },
      body: { kind: 'webhook', secret },
    });
    const text = fleetDocuments([], { environments: ['dev', 'staging'], url: plane.git.url('shop') }).replace(
      /spec: \{url: "([^"]+)"\}/,
      'spec: {url: "$1", webhook: {secret: hook}}',
    );
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'f.yaml', text }] } });
    const { metadata } = await plane.client.call(operations.getDocument, {
      params: { ...params, plural: 'repositories', name: 'shop' },
    });
    const send = (body: string, signature: string, uid = metadata.uid) =>
      fetch(`${plane.urls[0]}/hooks/${uid}`, {
        method: 'POST',
        body,
        headers: { 'x-hub-signature-256': signature },
      }).then(({ status }) => status);
    const body = '{"not json';
    const sign = (key: string) => `sha256=${hmacSha256(key, body)}`;
    expect(await send(body, sign(secret))).toBe(202);
    expect(await send(body, sign('another'))).toBe(401);
    expect(await send(body, 'sha256=')).toBe(401);
    expect(await send(body, sign(secret), 'nobody')).toBe(401);
    expect(await send('x'.repeat(1_100_000), sign(secret))).toBe(413);
  });
});

describe('a service that is killed', () => {
  it('is not missed: its work goes to the other replica, and nothing is lost', async () => {
    const victims = [plane.services.sources[0]!, plane.services.delivery[0]!, plane.services.status[0]!];
    for (const victim of victims) victim.kill('SIGKILL');
    const count = agent.sets.length;
    const commit = await plane.git.commit('shop', { 'services/checkout/staging/a.yaml': 'a: 3' });
    const look = () => plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    // Whoever gives an order and hears no answer gives it again; what was accepted is not lost.
    await until(() => look().then(() => true), { what: 'a replica of sources to take the order', timeoutMs: 30_000 });
    const arrived = () => {
      agent.hello(fenceOf(newest()));
      return agent.sets.slice(count).some(({ entries }) => entries.some(({ source }) => source.revision === commit));
    };
    await until(arrived, { what: 'the change by the other replica', timeoutMs: 60_000, intervalMs: 500 }).catch(
      async (cause: Error) => {
        throw new Error(`${cause.message}; what waits: ${JSON.stringify(await waitingWork())}`, { cause });
      },
    );
  });

  async function waitingWork(): Promise<unknown[]> {
    const database = new Client({ connectionString: plane.databaseUrl });
    await database.connect();
    const { rows } = await database.query('SELECT *, now() FROM work');
    await database.end();
    return rows;
  }
});
