import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type StageView } from '@flotilla/contracts';
import { hmacSha256 } from '@flotilla/foundation/node';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const place = { application: 'checkout', environment: 'production' };
const secret = 'a secret of thirty characters.';

interface Question {
  readonly wave?: string;
  readonly digest: string;
  readonly revision: string;
  readonly isSigned: boolean;
}

/** Somebody outside who is asked, and answers as a test wants. */
let answer: (question: Question, response: ServerResponse) => void;
const asked: Question[] = [];
const keeper: Server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString('utf8');
    const isSigned = request.headers['flotilla-signature'] === `sha256=${hmacSha256(secret, body)}`;
    const question = { ...(JSON.parse(body) as Question), isSigned };
    asked.push(question);
    answer(question, response);
  });
});

let plane: PlaneFixture;
let agent: RawAgent;
let url = '';
let commit = '';

beforeAll(async () => {
  plane = await startPlane({ environment: { NOTIFY_NETWORKS: 'loopback' } });
  await new Promise<void>((resolve) => keeper.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(keeper.address() as AddressInfo).port}/gate`;
  commit = await plane.git.createRepository('shop', files(1));
  const gate = `{web: {url: "${url}", secret: ci, every: 1s}}`;
  await apply(
    ['dev', 'production'],
    [tracking('dev'), `{environment: production, after: [dev], promote: auto, gates: [${gate}]}`],
  );
  agent = await enrol('c1', { dev: 'true', production: 'true', edge: 'true' });
});

afterAll(async () => {
  keeper.closeAllConnections();
  await new Promise((resolve) => keeper.close(resolve));
  await agent?.stop();
  await plane?.stop();
});

describe('before production somebody outside is asked', () => {
  it('who cannot be, while nobody has said with which secret', async () => {
    const wait = await until(() => waitOf(/no credential ci/), { what: 'the wait', timeoutMs: 30_000 });
    expect([wait, asked]).toEqual([
      {
        gate: expect.stringMatching(/^web 127.0.0.1:\d+\/gate$/),
        blockedBy: expect.stringContaining('flotilla credential set ci --kind webhook'),
        since: expect.any(String),
        nextTry: expect.any(String),
        whoCanAct: 'whoever is asked; or whoever may run: flotilla override checkout.production --reason WHY',
      },
      [],
    ]);
  });

  it('and once they can be says to wait, and is asked again, signed, about exactly what would enter', async () => {
    answer = ({ digest }, response) =>
      void response.end(JSON.stringify({ answer: 'wait', digest, reason: 'tests run' }));
    await plane.client.call(operations.putCredential, {
      params: { ...params, name: 'ci' },
      body: { kind: 'webhook', secret },
    });
    await until(() => asked.length > 1, { what: 'a second question', timeoutMs: 20_000 });
    const stage = await until(() => waitOf(/tests run/), { what: 'the reason' });
    const { digest } = (await production())!.status.candidates[0]!;
    const all = [...new Set(asked.map((question) => `${question.revision} ${question.digest} ${question.isSigned}`))];
    expect([stage.blockedBy, all]).toEqual([
      expect.stringMatching(/^127.0.0.1:\d+ says to wait: tests run$/),
      [`${(await production())!.status.candidates[0]!.revision} ${digest} true`],
    ]);
  });

  it('and breaks: nothing enters, and it is told', async () => {
    answer = (_, response) => void response.writeHead(500).end('{"answer":"allow"}');
    await until(() => waitOf(/answered 500/), { what: 'the failure', timeoutMs: 20_000 });
    expect(agent.standsIn('production')).toBeUndefined();
  });

  it('and lets it in', async () => {
    answer = ({ digest }, response) => void response.end(JSON.stringify({ answer: 'allow', digest }));
    const entered = await until(() => agent.standsIn('production'), { what: 'production', timeoutMs: 30_000 });
    const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const told = items.map(({ action }) => action).filter((action) => action === 'gate.fail');
    expect([entered, told.length]).toEqual([commit, 2]);
  });

  it('and refuses the next one, which enters by the word of a person alone', async () => {
    answer = ({ digest }, response) =>
      void response.end(JSON.stringify({ answer: 'deny', digest, reason: 'tests failed' }));
    const second = await plane.git.commit('shop', files(2));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await until(() => waitOf(/says no: tests failed/), { what: 'the no', timeoutMs: 30_000 });
    const { release } = (await production())!.status.candidates[0]!;
    const before = agent.standsIn('production');
    const body = { ...place, release, reason: 'they test the wrong thing' };
    await plane.client.call(operations.overrideGates, { params, body });
    await until(() => agent.standsIn('production') === second, { what: 'production' });
    expect(before).toBe(commit);
  });
});

describe('before a wave somebody outside is asked', () => {
  let other: RawAgent;
  const rollout = () => {
    for (const each of [agent, other]) each.keepWell();
    const edge = { ...params, application: 'checkout', environment: 'edge' };
    return plane.client.call(operations.getRollout, { params: edge }).catch(() => undefined);
  };

  beforeAll(async () => {
    other = await enrol('c2', { edge: 'true' });
    answer = ({ digest }, response) =>
      void response.end(JSON.stringify({ answer: 'deny', digest, reason: 'errors rise' }));
    asked.length = 0;
    const gate = `{web: {url: "${url}", secret: ci, every: 1s}}`;
    const waves = `rollout: {waves: [{name: canary, take: 1}, {name: rest, gates: [${gate}]}]}`;
    await apply(
      ['dev', 'production', 'edge'],
      [tracking('dev'), '{environment: production, after: [dev]}', tracking('edge')],
      waves,
    );
    await plane.git.commit('shop', { 'services/checkout/edge/a.yaml': 'a: 1' });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  });
  afterAll(() => other?.stop());

  it('about it by name, after the canary is well, and a no holds it', async () => {
    const told = (text: string) => async () => {
      const { explanation = [], status } = (await rollout()) ?? {};
      return explanation.find(({ blockedBy }) => blockedBy?.includes(text)) && status;
    };
    const status = await until(told('says no: errors rise'), { what: 'the no', timeoutMs: 30_000, intervalMs: 100 });
    const { explanation, spec } = (await rollout())!;
    expect([
      explanation,
      status.blocked?.code,
      asked.map(({ wave, revision, isSigned }) => ({ wave, revision, isSigned })),
    ]).toEqual([
      [
        {
          state: 'waits before wave rest',
          blockedBy: expect.stringMatching(/^web 127.0.0.1:\d+\/gate: 127.0.0.1:\d+ says no: errors rise$/),
          since: expect.any(String),
          whoCanAct: 'whoever is asked; or whoever may run: flotilla override checkout.edge --wave rest --reason WHY',
        },
      ],
      'WaveGated',
      [{ wave: 'rest', revision: spec.revision, isSigned: true }],
    ]);
    expect([agent, other].filter((each) => each.standsIn('edge'))).toHaveLength(1);
  });

  it('which a person does without, and the ledger tells', async () => {
    const { spec } = (await rollout())!;
    const body = {
      application: 'checkout',
      environment: 'edge',
      wave: 'rest',
      release: spec.release,
      reason: 'a known bug',
    };
    const { wave } = await plane.client.call(operations.overrideGates, { params, body });
    await until(async () => (await rollout())?.status.state === 'Finished', { what: 'the end', timeoutMs: 30_000 });
    const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const told = items.filter(({ action, message }) => action.startsWith('gate.') && message.includes('rest'));
    expect([
      wave,
      told.toReversed().map(({ action }) => action),
      [agent, other].map((each) => each.standsIn('edge')),
    ]).toEqual(['rest', ['gate.deny', 'gate.override', 'gate.pass'], [spec.revision, spec.revision]]);
  });
});

function tracking(environment: string): string {
  return `{environment: ${environment}, track: {repository: shop, branch: main}}`;
}

/** Applies these environments and stages; the last environment goes in these waves, where there are any. */
async function apply(environments: readonly string[], stages: readonly string[], waves?: string): Promise<void> {
  const last = `spec: {clusters: {matchLabels: {${environments.at(-1)}: "true"}}`;
  const written = fleetDocuments(['checkout'], { environments, stages, url: plane.git.url('shop') });
  const text = waves === undefined ? written : written.replace(last, `${last}, ${waves}`);
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
}

async function enrol(name: string, labels: Record<string, string>): Promise<RawAgent> {
  const enrolled = await RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels });
  enrolled.hello();
  return enrolled;
}

function files(number: number): Record<string, string> {
  return {
    'services/checkout/dev/a.yaml': `a: ${number}`,
    'services/checkout/production/a.yaml': `a: ${number}`,
  };
}

async function production(): Promise<StageView | undefined> {
  agent.keepWell();
  const { items } = await plane.client.call(operations.listStages, { params, query: place });
  return items[0];
}

/** What the newest candidate waits for, once that says this. */
async function waitOf(told: RegExp) {
  const waits = (await production())?.status.candidates[0]?.waits ?? [];
  return waits.find(({ blockedBy }) => told.test(blockedBy));
}
