import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import {
  controlVerbs,
  operations,
  type ControlRequest,
  type Operation,
  type OperationCall,
  type OperationResponse,
} from '@flotilla/contracts';
import { goldenMessages } from '@flotilla/contracts/testing';
import { systemClock, systemIds, toFault } from '@flotilla/foundation';
import { controlUser } from '@flotilla/platform-bus';
import { ControlClient } from '@flotilla/platform-bus/nest';
import {
  isReady,
  serviceNames,
  serviceProcess,
  startChild,
  until,
  type Child,
  type ServiceName,
} from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { listeningSockets } from '../support/listening-sockets.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const environment = 'dev';
let plane: PlaneFixture;
let agent: RawAgent;
const replaced: Child[] = [];

beforeAll(async () => {
  plane = await startPlane({ replicas: 2 });
  await plane.git.createRepository('shop', { 'services/checkout/dev/a.yaml': 'a: 1' });
  const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'c1', labels: { [environment]: 'true' } });
  agent.hello();
  await until(() => agent.sets.at(-1)?.entries.length === 1, { what: 'the set' });
});

afterAll(async () => {
  await agent?.stop();
  await Promise.all(replaced.map((child) => child.stop()));
  await plane?.stop();
});

const entry = () => agent.sets.findLast(({ entries }) => entries.length > 0)!.entries[0]!;
const say = (kind: string, body: object) =>
  agent.bus.publish(`fleet.${agent.identity.cluster}.up.${kind}`, Buffer.from(JSON.stringify(body)));
const later = { later: { deep: [1] } };

async function target() {
  const { items } = await plane.client.call(operations.listTargets, { params });
  return items[0]!.status;
}

describe('AT-41 an agent of another version', () => {
  let number = systemClock.now() + 1_000_000;

  /** A report as an agent of some version would say it. */
  function report(item: object, over: object = {}): number {
    const head = { v: 1, at: new Date(systemClock.now()).toISOString(), instance: 'raw', leaseTransitions: 1 };
    const fence = { epoch: 1, generation: entry().generation };
    say('report', { ...head, number: ++number, fence, items: [item], statusDigest: 'some', ...over });
    return number;
  }

  const receipted = (wanted: number) => until(() => agent.receipts.includes(wanted), { what: `receipt ${wanted}` });

  it('one newer: what it says beyond us is ignored, and what we know of it is stored', async () => {
    const hello = JSON.parse(goldenMessages.hello) as { protocol: object; facts: object };
    say('hello', { ...hello, protocol: { oldest: 1, newest: 2 }, facts: { ...hello.facts, ...later }, ...later });
    say('telepathy', { v: 2, ...later });
    const item = { ...agent.well(entry()), sync: 'Drifting', health: 'Splendid', ...later };
    await receipted(report(item, later));
    expect(await target()).toMatchObject({ sync: 'Unknown', health: 'Unknown', generation: entry().generation });
  });

  it('that speaks only what we do not is dropped whole, and the next word is stored', async () => {
    const lost = report({ ...agent.well(entry()), health: 'Degraded' }, { v: 2 });
    await receipted(report(agent.well(entry())));
    expect([agent.receipts.includes(lost), (await target()).health]).toEqual([false, 'Healthy']);
  });

  it('one older, which says the least that protocol 1 has, is served', async () => {
    const { facts: _, ...hello } = JSON.parse(goldenMessages.hello) as { facts: object };
    const before = agent.sets.length;
    const facts = { kubernetesVersion: 'v1', agentVersion: '0.0.9' };
    say('hello', { ...hello, fence: { epoch: 0, generation: 0 }, facts });
    await until(() => agent.sets.length > before, { what: 'the whole set' });
    expect(agent.sets.at(-1)!.previous).toBe(0);
  });

  it('a verb of another service carries fields that are not known here', async () => {
    const credentials = controlUser(plane.secrets.broker, 'gateway', systemClock.now());
    const newer = new ControlClient({ servers: [plane.nats.url], credentials, name: 'newer-gateway' });
    await newer.start();
    const selection = { project: 'default', cluster: 'c1', ...later };
    const by = { kind: 'user' as const, name: 'ann', ...later };
    const answer = await newer.ask(controlVerbs.sync, { selection, by, ...later } as ControlRequest<
      typeof controlVerbs.sync
    >);
    await newer.stop();
    expect(answer).toMatchObject({ targets: [{ name: 'checkout.dev.c1' }] });
  });
});

describe('AT-41 what our processes open', () => {
  it('listens on loopback, and is on this list', async () => {
    const cluster = await startSimulatedCluster(plane.directory, 'ports');
    const process = await startAgentProcess(plane, {
      name: 'ports',
      labels: {},
      access: cluster.access,
      environment: { HEALTH_PORT: '0' },
    });
    const open = async (pid: number) => (await listeningSockets(pid)).map((socket) => socket.split(':')[0]!);
    const agentSockets = await until(async () => (await open(process.pid)).length > 0 && open(process.pid), {
      what: 'the agent',
      timeoutMs: 30_000,
    });
    const seen: Record<string, string[]> = { agent: agentSockets };
    for (const name of serviceNames) seen[name] = await open(plane.services[name][0]!.pid);
    await process.stop();
    await cluster.stop();
    // One port for probes and metrics each; the gateway has the API besides. Nothing else, and nothing for others to see.
    const probes = ['127.0.0.1'];
    expect(seen).toEqual({
      agent: probes,
      sources: probes,
      delivery: probes,
      status: probes,
      gateway: ['127.0.0.1', '127.0.0.1'],
    });
  });
});

/** Replaces a replica as a rolling upgrade does: told to stop, waited for, and started anew at the same addresses. */
async function replaceReplica(name: ServiceName, index: number): Promise<string> {
  const old = plane.services[name][index]!;
  await old.stop();
  const left = await old.exited;
  const { directory, secrets, databaseUrl, nats, urls, healthPorts } = plane;
  const healthPort = healthPorts[name][index]!;
  const options = serviceProcess(name, {
    secrets,
    databaseUrl,
    natsUrl: nats.url,
    gatewayPort: Number(new URL(urls[index]!).port),
    healthPort,
    logFile: join(directory, 'logs', `${name}-${index}-replaced.log`),
    cacheDirectory: join(directory, `cache-${index}`),
  });
  replaced.push(startChild(options));
  await until(() => isReady(healthPort), { what: `the new ${name}`, timeoutMs: 60_000 });
  return `${name} ${left}`;
}

/** Longer than a service waits for the answer of another one: until then what was lost in between is under way. */
const triesMax = 12;
const retryMs = 200;

/** A caller as the command line is one: what is away for a moment is asked again, under one key, wherever it is open. */
class Caller {
  readonly failed: string[] = [];
  retried = 0;
  readonly #clients: readonly FlotillaClient[];
  #turn = 0;

  constructor() {
    const token = plane.secrets.bootstrapToken;
    this.#clients = plane.urls.map((server) => new FlotillaClient({ server, token }));
  }

  async call<Of extends Operation>(operation: Of, call: OperationCall<Of>): Promise<OperationResponse<Of> | undefined> {
    const idempotencyKey = operation.method === 'GET' ? {} : { idempotencyKey: systemIds.next() };
    const first = this.#turn++;
    for (let attempt = 1; ; attempt++) {
      try {
        const client = this.#clients[(first + attempt) % this.#clients.length]!;
        return await client.call(operation, call, idempotencyKey);
      } catch (error) {
        const { code, reason, message } = toFault(error);
        const mayPass = code === 'unavailable' || reason === 'RequestInFlight';
        if (attempt === triesMax || !mayPass)
          return void this.failed.push(`${operation.path}: ${code} ${reason} ${message}`);
        this.retried++;
        await systemClock.sleep(retryMs * attempt);
      }
    }
  }
}

const numberOf = (order: string) => Number(order.split('-').at(-1));

/** The orders in the ledger, oldest first: as many of them as fit on a page. */
async function ordersWritten(): Promise<string[]> {
  const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
  return items.flatMap(({ message }) => (message.startsWith('suspended: order-') ? [message] : [])).toReversed();
}

describe('AT-41 a rolling upgrade of the control plane, under load', () => {
  it('every replica ends in order, no request fails that is asked again, and no order is lost or doubled', async () => {
    const caller = new Caller();
    const over = new AbortController();
    const { signal } = over;
    const accepted: string[] = [];
    const orders = (async () => {
      for (let count = 1; !signal.aborted; count++) {
        const reason = `order-${count}`;
        const body = { choice: { environment }, reason };
        if (await caller.call(operations.suspendTargets, { params, body })) accepted.push(`suspended: ${reason}`);
        await systemClock.sleep(30);
      }
    })();
    const reads = (async () => {
      for (; !signal.aborted; await systemClock.sleep(30)) await caller.call(operations.listTargets, { params });
    })();
    const pushes = (async () => {
      for (let count = 2; !signal.aborted; count++, await systemClock.sleep(700)) {
        await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': `a: ${count}` });
        await caller.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
      }
    })();
    const left: string[] = [];
    for (const index of [0, 1]) {
      left.push(...(await Promise.all(serviceNames.map((name) => replaceReplica(name, index)))));
    }
    over.abort();
    await Promise.all([orders, reads, pushes]);
    const newest = await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': 'a: last' });
    await caller.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    const arrived = () => {
      agent.hello();
      return entry().source.revision === newest;
    };
    await until(arrived, { what: 'the last commit', timeoutMs: 30_000, intervalMs: 500 });
    const written = await ordersWritten();
    const first = numberOf(written[0]!);
    expect([caller.failed, new Set(left), written, accepted.length > 20]).toEqual([
      [],
      new Set(serviceNames.map((name) => `${name} exit code 0`)),
      accepted.filter((order) => numberOf(order) >= first),
      true,
    ]);
  });
});
