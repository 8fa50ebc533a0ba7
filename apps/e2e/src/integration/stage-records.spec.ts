import { execFile } from 'node:child_process';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type StageView } from '@flotilla/contracts';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const file = '.flotilla/releases/default/checkout/production.yaml';
const token = 'write-canary';
const files = (count: number) =>
  Object.fromEntries(
    ['dev', 'production'].map((environment) => [
      `services/checkout/${environment}/a.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {value: "${count}"}\n`,
    ]),
  );

let plane: PlaneFixture;
let agent: RawAgent;
let first: string;
let empty: string;

beforeAll(async () => {
  plane = await startPlane({ replicas: 2 });
  first = await plane.git.createRepository('shop', files(1));
  empty = await plane.git.createRepository('releases', { 'README.md': 'What runs where.\n' });
  plane.git.setCredential('releases', { token });
  const stages = [
    '{environment: dev, track: {repository: shop, branch: main}}',
    '{environment: production, after: [dev], promote: auto, mode: pin, record: {repository: releases, branch: main}}',
  ];
  const fleet = fleetDocuments(['checkout'], {
    environments: ['dev', 'production'],
    stages,
    url: plane.git.url('shop'),
  });
  const releases = `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: Repository\nmetadata: {name: releases}\nspec:\n  url: "${plane.git.url('releases')}"\n  write: {credential: later}\n`;
  const text = `${releases}---\n${fleet}`;
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  const labels = { dev: 'true', production: 'true' };
  agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'c1', labels });
  agent.hello();
});

afterAll(async () => {
  await agent?.stop();
  await plane?.stop();
});

describe('before a release enters a stage that pins', () => {
  it('nothing is delivered while its record cannot be written, and what to do is said', async () => {
    const wait = await until(() => waitOf(/cannot be written/), { what: 'the wait', timeoutMs: 30_000 });
    expect([wait, runsIn('production')]).toEqual([
      {
        gate: 'record',
        blockedBy: expect.stringMatching(/^it cannot be written to .*flotilla credential set later$/),
        since: expect.any(String),
        nextTry: expect.any(String),
        whoCanAct: 'whoever may change repository releases',
      },
      undefined,
    ]);
  });

  it('is written to Git as soon as that is possible, read back, and delivered', async () => {
    const body = { kind: 'bearer', origin: plane.git.origin, token } as const;
    await plane.client.call(operations.putCredential, { params: { ...params, name: 'later' }, body });
    await until(() => runsIn('production') === first, { what: 'production', timeoutMs: 30_000 });
    const entries = agent.sets.flatMap((set) => set.entries);
    const entry = entries.findLast(({ environment }) => environment === 'production')!;
    const head = (await plane.git.refs('releases')).get('refs/heads/main')!;
    expect([
      (await git('show', `${head}:${file}`)).split('\n'),
      await git('log', '--format=%P %an: %s', '-1', head),
    ]).toEqual([
      [
        '# What runs in production, or enters it next. Flotilla writes it; promote with: flotilla promote checkout --to production',
        'project: "default"',
        'application: "checkout"',
        'environment: "production"',
        `revision: "${first}"`,
        `sourceDigest: "${entry.sourceDigest}"`,
        `release: "${entry.release}"`,
        expect.stringMatching(/^record: "\w+"$/),
        '',
      ],
      `${empty} Flotilla: Promote checkout ${first.slice(0, 8)} to production\n`,
    ]);
    const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const told = items.flatMap(({ action, message }) => (action.startsWith('record.') ? [`${action} ${message}`] : []));
    const what = `checkout ${first.slice(0, 8)} before production: ${file} on main of releases`;
    expect(told).toEqual([
      `record.write ${what} says so at ${head.slice(0, 8)}`,
      expect.stringContaining(`record.fail ${what}: `),
    ]);
  });

  it('AT-38: a host that takes no push, and services that die meanwhile, keep it out until there is one commit more', async () => {
    const hook = join(plane.git.directory('releases'), 'hooks', 'update');
    await mkdir(join(hook, '..'), { recursive: true });
    await writeFile(hook, '#!/bin/sh\necho "protected" >&2; exit 1\n');
    await chmod(hook, 0o755);
    const second = await plane.git.commit('shop', files(2));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await until(() => waitOf(/does not take a push to main of releases: .*protected/), {
      what: 'the no',
      timeoutMs: 30_000,
    });
    const before = runsIn('production');
    await rm(hook);
    await plane.crashServices();
    await until(() => runsIn('production') === second, { what: 'the second release', timeoutMs: 90_000 });
    expect([before, await git('rev-list', '--count', 'main')]).toEqual([first, '3\n']);
  });

  it('what its stage was taken back to is in Git as well, and what runs once it is let go again', async () => {
    const choice = { application: 'checkout', environment: 'production' };
    const order = { selection: choice, to: first };
    const { standing } = await plane.client.call(operations.previewRollback, { params, body: order });
    await plane.client.call(operations.openRollback, { params, body: { ...order, reason: 'incident 42', standing } });
    const back = await said(/^Take/);
    const reason = 'it was the network';
    const { items } = await plane.client.call(operations.listQuarantine, { params, query: {} });
    for (const { spec } of items) {
      const body = { application: 'checkout', digest: spec.digest, reason };
      await plane.client.call(operations.liftQuarantine, { params, body });
    }
    await plane.client.call(operations.unpinTargets, { params, body: { choice, reason } });
    const again = await said(/^Record/);
    const second = agent.standsIn('dev')!;
    expect([back, again, await git('rev-list', '--count', 'main')]).toEqual([
      [`Take checkout in production back to ${first.slice(0, 8)}`, `revision: "${first}"`],
      [`Record checkout ${second.slice(0, 8)} in production`, `revision: "${second}"`],
      '5\n',
    ]);
  });
});

/** The title of the newest commit, once it is one of these, and the revision that the file names there. */
async function said(title: RegExp): Promise<string[]> {
  const newest = async () => {
    agent.keepWell();
    return title.test(await git('log', '--format=%s', '-1', 'main'));
  };
  await until(newest, { what: String(title), timeoutMs: 30_000 });
  const text = await git('show', `main:${file}`);
  return [(await git('log', '--format=%s', '-1', 'main')).trim(), /^revision.*$/m.exec(text)![0]];
}

async function git(...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', ['-C', plane.git.directory('releases'), ...args])).stdout;
}

async function waitOf(
  blockedBy: RegExp,
): Promise<StageView['status']['candidates'][number]['waits'][number] | undefined> {
  agent.keepWell();
  const { items } = await plane.client
    .call(operations.listStages, { params })
    .catch(() => ({ items: [] as StageView[] }));
  const waits = items.flatMap(({ status }) => status.candidates.flatMap((candidate) => candidate.waits));
  return waits.find((wait) => blockedBy.test(wait.blockedBy));
}

/** The commit that the agent was told to run there. */
function runsIn(environment: string): string | undefined {
  agent.keepWell();
  return agent.standsIn(environment);
}
