import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { findEnvtestAssets, freePort, temporaryDirectory, until, type TemporaryDirectory } from '@flotilla/testing';
import { startDemo, type DemoProcess } from '../support/demo-process.ts';

const params = { project: 'default' };
const assets = findEnvtestAssets();
const upTimeoutMs = 90_000;

describe('the demo', () => {
  let place: TemporaryDirectory;
  const running: DemoProcess[] = [];

  beforeEach(async () => {
    place = await temporaryDirectory('demo');
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ child }) => child.stop()));
    await place.remove();
  });

  function demo(args: readonly string[], file?: string): DemoProcess {
    const process_ = startDemo({ directory: place.path, args, ...(file && { file }) });
    running.push(process_);
    return process_;
  }

  const data = (name: string) => ['--data', join(place.path, name)];

  it('walks the road by itself on six simulated clusters, and leaves nothing running', async () => {
    const check = demo(['--check', ...data('a')]);
    await check.said(/walking the road/, upTimeoutMs);
    const children = childrenOf(check.child.pid);
    const how = await check.child.exited;
    expect({ how, end: check.output().trimEnd().split('\n').slice(-2) }).toEqual({
      how: 'exit code 0',
      end: ['check passed', 'stopping'],
    });
    // PostgreSQL, nats-server, four services, the simulated clusters, six agents.
    expect(children).toHaveLength(13);
    expect(stillRunning(children)).toEqual([]);
  });

  it('goes on with the same fleet at its second start, beside another demo', async () => {
    const neighbour = demo(['--clusters', '1', ...data('b')]);
    const first = demo(['--clusters', '2', ...data('a')]);
    await first.said(/See why/, upTimeoutMs);
    await neighbour.said(/See why/, upTimeoutMs);
    const before = await settledFleet(first);
    const children = childrenOf(first.child.pid);
    await first.child.stop();
    expect(stillRunning(children)).toEqual([]);
    expect(neighbour.child.alive).toBe(true);

    const usual = await listenOn(portOf(first));
    const second = demo(['--clusters', '2', ...data('a')]);
    await second.said(/See why/, upTimeoutMs);
    expect(await settledFleet(second)).toEqual(before);
    expect(portOf(second)).not.toBe(portOf(first));
    usual.close();
  });

  it('ends what a killed demo left running, and goes on', async () => {
    const killed = demo(['--clusters', '1', ...data('a')]);
    await killed.said(/See why/, upTimeoutMs);
    const children = childrenOf(killed.child.pid);
    killed.child.kill('SIGKILL');
    await killed.child.exited;
    expect(stillRunning(children)).toHaveLength(children.length);

    const next = demo(['--clusters', '1', ...data('a')]);
    await next.said(/ended \d+ processes that an earlier demo left behind/);
    expect(stillRunning(children)).toEqual([]);
    await next.said(/See why/, upTimeoutMs);
    expect((await settledFleet(next)).targets).toHaveLength(9);
  });

  it('starts again whatever dies: database, broker, services, simulated clusters, agents', async () => {
    const living = demo(['--clusters', '1', ...data('a')]);
    await living.said(/See why/, upTimeoutMs);
    const before = await settledFleet(living);
    const children = childrenOf(living.child.pid);
    children.forEach((pid) => process.kill(pid, 'SIGKILL'));
    await until(
      () => childrenOf(living.child.pid).filter((pid) => !children.includes(pid)).length === children.length,
      {
        what: 'all to run again',
        timeoutMs: 60_000,
      },
    );
    expect(await settledFleet(living)).toEqual(before);
  });

  it('stops while it is still starting', async () => {
    const early = demo(['--clusters', '1', ...data('a')]);
    await early.said(/✓ nats-server/);
    const children = childrenOf(early.child.pid);
    early.child.kill('SIGINT');
    expect(await early.child.exited).toBe('exit code 130');
    expect(stillRunning(children)).toEqual([]);
  });

  it('refuses a folder that another demo uses', async () => {
    const first = demo(['--clusters', '1', ...data('a')]);
    await first.said(/✓ PostgreSQL/);
    const second = demo(['--clusters', '1', ...data('a')]);
    expect(await second.child.exited).toBe('exit code 1');
    expect(second.output()).toMatch(/a demo runs in .* already \(process \d+\); stop it, or .*--data DIR/);
  });

  it('refuses to make another fleet of the one that is there', async () => {
    const first = demo(['--clusters', '1', ...data('a')]);
    await first.said(/✓ PostgreSQL/);
    await first.child.stop();
    const other = demo(['--clusters', '2', ...data('a')]);
    expect(await other.child.exited).toBe('exit code 2');
    expect(other.output()).toMatch(/the fleet in .* has 1 simulated clusters; .*--data DIR/);
  });

  it.each([
    ['a file that is not there', '/nowhere/kubeconfig', /cannot be read/],
    ['a file that is no kubeconfig', '/dev/null', /--context c: /],
  ])('refuses %s, before it starts anything', async (_, file, why) => {
    const refused = demo(['--kubeconfig', file, '--context', 'c', ...data('a')]);
    expect(await refused.child.exited).toBe('exit code 2');
    expect(refused.output()).toMatch(why);
    expect(refused.output()).not.toContain('PostgreSQL');
  });

  it('refuses a port that is taken, before it starts anything', async () => {
    const port = await freePort();
    const taken = await listenOn(port);
    const refused = demo(['--port', String(port), ...data('a')]);
    expect(await refused.child.exited).toBe('exit code 1');
    expect(refused.output()).toContain(`port ${port} (API and page) is taken by another program`);
    expect(refused.output()).not.toContain('PostgreSQL');
    taken.close();
  });

  it.each([
    [['--clusters', '0'], '--clusters takes a whole number from 1 to 60, not `0`'],
    [['--clusters', 'many'], '--clusters takes a whole number from 1 to 60, not `many`'],
    [['--port', '99999'], '--port takes a whole number from 1 to 65535, not `99999`'],
    [['--context', 'a'], '--context needs --kubeconfig FILE'],
    [['--kubeconfig', 'a'], '--kubeconfig needs --context NAME'],
    [['--chekc'], '--chekc'],
  ])('says of %s what is wrong, and what is right', async (args, message) => {
    const refused = demo(args);
    expect(await refused.child.exited).toBe('exit code 2');
    expect(refused.output()).toContain(message);
    expect(refused.output()).toContain('npm run demo -- [options]');
  });

  if (!assets) process.stdout.write('no kube-apiserver here: the demo is not walked on real API servers\n');

  it.runIf(assets)('walks the same road on two real API servers', async () => {
    const servers = demo(['--count', '2', '--out', join(place.path, 'api-servers')], 'envtest.js');
    const [, flags] = await servers.said(/npm run demo -- (.+)\n/, 120_000);
    const check = demo(['--check', ...flags!.split(' '), ...data('a')]);
    const how = await check.child.exited;
    expect({ how, output: check.output() }).toEqual({
      how: 'exit code 0',
      output: expect.stringContaining('check passed'),
    });
  });
});

/** The whole fleet once it stands still: names and generations, so that a second rollout of the same would show. */
async function settledFleet(demo: DemoProcess) {
  const [, server, token] = await demo.said(/FLOTILLA_SERVER=(\S+) FLOTILLA_TOKEN=(\S+)/);
  const client = new FlotillaClient({ server: server!, token: token! });
  const targets = await until(
    async () => {
      const { items } = await client.call(operations.listTargets, { params });
      if (!(await isWhole(client))) return false;
      const well = items.every(({ status }) => status.sync === 'Synced' && status.health === 'Healthy');
      return items.length > 0 && well && items;
    },
    { what: 'the fleet to be well', timeoutMs: 60_000 },
  );
  const { items: rollouts } = await client.call(operations.listRollouts, { params });
  return {
    targets: targets.map(({ metadata, spec }) => ({ uid: metadata.uid, name: metadata.name, revision: spec.revision })),
    rollouts: rollouts.map(({ metadata }) => metadata.uid),
  };
}

/** Whether the first release has come to its last stage: those before it are passed by then. */
async function isWhole(client: FlotillaClient): Promise<boolean> {
  const query = { application: 'checkout', environment: 'production' };
  const { items } = await client.call(operations.listRollouts, { params, query });
  return items.some(({ status }) => status.state === 'Finished');
}

/** Everything that a process has started and that still runs, with its command line. */
function childrenOf(parent: number): number[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => new RegExp(String.raw`\) \S ${parent} `).test(textOf(`/proc/${id}/stat`))).map(Number);
}

function stillRunning(pids: readonly number[]): string[] {
  return pids.map((pid) => textOf(`/proc/${pid}/cmdline`)).filter((command) => command !== '');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It has ended.
    return '';
  }
}

/** Where its API and its page are. */
function portOf(demo: DemoProcess): number {
  return Number(/page +http:\/\/127\.0\.0\.1:(\d+)/.exec(demo.output())?.[1]);
}

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
  });
}
