import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations, subjects, type Operation, type StreamEvent } from '@flotilla/contracts';
import { tokenHash, tokenId } from '@flotilla/control-access';
import { systemClock } from '@flotilla/foundation';
import { controlUser } from '@flotilla/platform-bus';
import { startChild, until, agentProcess, type Child } from '@flotilla/testing';
import { Canary } from '../support/canary.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawNats } from '../support/raw-nats.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const place = 'services/checkout/dev';

/** What must never be seen outside the cluster, sealed columns and the hands of whoever owns it. */
const canaries = {
  gitPassword: new Canary('the password for Git'),
  webhook: new Canary('the secret of a webhook'),
  plain: new Canary('stringData of a Secret'),
  encoded: new Canary('data of a Secret'),
  later: new Canary('a Secret’s value that was changed'),
  byHand: new Canary('a Secret’s value that somebody wrote by hand'),
  unreadable: new Canary('a value in a file that is not YAML'),
  notBase64: new Canary('a value that is not base64'),
  nested: new Canary('a value of the wrong type'),
};

interface Evidence {
  readonly where: string;
  readonly text: string;
}

describe('AT-15: secrets', () => {
  let plane: PlaneFixture;
  let cluster: SimulatedClusterProcess;
  let agent: Child;
  let listener: RawNats;
  const evidence: Evidence[] = [];
  const owned: Canary[] = [];
  const screen: StreamEvent[] = [];
  const leaving = new AbortController();
  /** The first commit that ran: what going back there would change is asked for as well. */
  let backTo = '';

  beforeAll(async () => {
    plane = await startPlane({ environment: { LOG_LEVEL: 'debug' } });
    await plane.git.createRepository('shop', { ...secretFile(canaries.plain.value), ...configFile('1') });
    plane.git.setCredential('shop', { username: 'robot', password: canaries.gitPassword.value });
    listener = await RawNats.connect(plane.nats.port, controlUser(plane.secrets.broker, 'listener', systemClock.now()));
    listener.subscribe('fleet.>');
    listener.subscribe('ctl.changed.>');
    listener.subscribe('ctl.wake.>');
    await listener.flush();
    await putCredentials();
    await useTokens();
    await applyDocuments();
    cluster = await startSimulatedCluster(plane.directory, 'c1');
    await giveAgentItsPassword();
    agent = await startAgent();
    void (async () => {
      for await (const event of plane.client.stream('default', ['target', 'cluster', 'event'], leaving.signal))
        screen.push(event);
    })().catch(() => undefined);
  });

  afterAll(async () => {
    leaving.abort();
    await listener?.stop();
    await agent?.stop();
    await cluster?.stop();
    await plane?.stop();
  });

  it.each([
    ['that are applied', {}, (reason: string) => reason === ''],
    ['that change', secretFile(canaries.later.value), (reason: string) => reason === ''],
    ['in a file that cannot be read', { [`${place}/broken.yaml`]: brokenFile() }, (reason: string) => reason !== ''],
    ['that are not base64', { [`${place}/broken.yaml`]: notBase64() }, (reason: string) => reason !== ''],
    ['of the wrong type', { [`${place}/broken.yaml`]: nested() }, (reason: string) => reason !== ''],
    ['once all is well again', { [`${place}/broken.yaml`]: undefined }, (reason: string) => reason === ''],
  ])('%s', async (title, files, isExpected) => {
    const commit = await plane.git.commit('shop', { ...files, ...configFile(title) });
    backTo ||= commit;
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await until(
      async () => {
        const { items } = await plane.client.call(operations.listTargets, { params });
        const [target] = items;
        const isThere = target?.spec.revision === commit && target.status.generation === target.spec.generation;
        return isThere && isExpected(target.status.reason?.code ?? '');
      },
      { what: `the target to tell of secrets ${title}`, timeoutMs: 60_000 },
    );
    await askEverything(title);
  });

  it('that somebody changed by hand', async () => {
    const key = { group: '', kind: 'Secret', namespace: 'checkout-dev', name: 'password' };
    const choice = { environment: 'dev' };
    await plane.client.call(operations.suspendTargets, { params, body: { choice, reason: 'to see the difference' } });
    await until(suspended, { what: 'the target to be suspended' });
    await cluster.client.mergePatch(key, { stringData: { plain: canaries.byHand.value } }, { manager: 'kubectl' });
    await until(
      async () => {
        await askEverything('by hand');
        return evidence.findLast(({ where }) => where.startsWith('diff, '))!.text.includes('.data.plain');
      },
      { what: 'a difference of the Secret to be told' },
    );
    await plane.client.call(operations.resumeTargets, { params, body: choice });
    await until(
      async () => {
        const live = await cluster.client.get(key);
        const data = (live?.data ?? {}) as Record<string, string>;
        return Buffer.from(data['plain'] ?? '', 'base64').toString() === canaries.later.value;
      },
      { what: 'the Secret to be healed', timeoutMs: 60_000 },
    );
    await askEverything('healed');
  });

  it('that Git refuses', async () => {
    plane.git.setCredential('shop', { username: 'robot', password: 'another' });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await until(
      async () => {
        const { items } = await plane.client.call(operations.listDocuments, {
          params: { ...params, plural: 'repositories' },
        });
        return items.some(({ status }) => status.problem !== undefined);
      },
      { what: 'the repository to tell of its problem', timeoutMs: 60_000 },
    );
    await askEverything('refused by Git');
  });

  it('stand nowhere but in the cluster and in sealed columns', async () => {
    leaving.abort();
    await listener.flush();
    evidence.push(
      { where: 'events of the stream', text: JSON.stringify(screen) },
      ...listener.heard.map(({ subject, text }) => ({ where: `the broker, ${subject}`, text })),
      ...(await dumped()),
      ...logs(),
      ...(await scraped()),
    );
    const told = evidence.reduce((sum, { text }) => sum + text.length, 0);
    const found = evidence.flatMap(({ where, text }) =>
      [...Object.values(canaries), ...owned].flatMap((canary) => {
        const part = canary.in(text);
        return part === undefined ? [] : [`${canary.name}, in ${where}: …${part}…`];
      }),
    );
    expect(found).toEqual([]);
    // Had nothing been said, nothing could have been found: every kind of evidence was there.
    expect(told).toBeGreaterThan(100_000);
    for (const kind of ['GET', 'the broker, fleet.', 'table ', 'log ', 'metrics of ', 'diff', 'diff of an order'])
      expect(evidence.some(({ where }) => where.startsWith(kind))).toBe(true);
  });

  async function suspended(): Promise<boolean> {
    const { items } = await plane.client.call(operations.listTargets, { params });
    const [target] = items;
    return target?.status.generation === target?.spec.generation && target?.status.reason?.code === 'Suspended';
  }

  async function putCredentials(): Promise<void> {
    const { origin } = plane.git;
    const body = { kind: 'basic', origin, username: 'robot', password: canaries.gitPassword.value } as const;
    await plane.client.call(operations.putCredential, { params: { ...params, name: 'shop-git' }, body });
    const hook = { kind: 'webhook', secret: canaries.webhook.value } as const;
    await plane.client.call(operations.putCredential, { params: { ...params, name: 'shop-hook' }, body: hook });
    const { broker, bootstrapToken, orderKey, sealKey } = plane.secrets;
    const secrets = { ...broker, bootstrapToken, orderKey, sealKey };
    owned.push(...Object.entries(secrets).map(([name, value]) => new Canary(name, value)));
    owned.push(new Canary('the password of the database', new URL(plane.databaseUrl).password));
  }

  /** Each kept with its request, so that both are asked for twice; one is good, and the other was. */
  async function useTokens(): Promise<void> {
    const body = { name: 'ann', permission: 'admin' } as const;
    const made = async (key: string) =>
      (await plane.client.call(operations.createToken, { body }, { idempotencyKey: key })).text;
    for (const key of ['good', 'revoked']) {
      const text = await made(key);
      expect(await made(key)).toBe(text);
      const ann = new FlotillaClient({ server: plane.urls[0]!, token: text });
      await ann.call(operations.listTokens, {});
      await ann.call(operations.joinCluster, { params, body: { name: `c-${key}` } }, { idempotencyKey: key });
      if (key === 'revoked') await ann.call(operations.revokeToken, { params: { token: tokenId(tokenHash(text)) } });
      await expect(ann.call(operations.getTarget, { params: { ...params, uid: 'x' } })).rejects.toMatchObject({
        reason: key === 'good' ? 'TargetMissing' : 'TokenRevoked',
      });
      owned.push(new Canary(`an API token, ${key}`, text));
    }
  }

  async function applyDocuments(): Promise<void> {
    const files = [{ file: 'fleet.yaml', text: documents(plane.git.url('shop')) }];
    await plane.client.call(operations.applyDocuments, { params, body: { files } });
  }

  /** Where the agent looks for it: a Secret in its own namespace. */
  async function giveAgentItsPassword(): Promise<void> {
    const namespace = 'flotilla-system';
    const by = { manager: 'test' };
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, by);
    const stringData = { origin: plane.git.origin, username: 'robot', password: canaries.gitPassword.value };
    const metadata = { name: 'shop-git', namespace };
    await cluster.client.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData }, by);
  }

  async function startAgent(): Promise<Child> {
    const body = { name: 'c1', labels: { dev: 'true' } };
    const { token } = await plane.client.call(operations.joinCluster, { params, body });
    owned.push(new Canary('the join token', token));
    const settings = { FLOTILLA_URL: plane.urls[0]!, JOIN_TOKEN: token, LOG_LEVEL: 'debug', ...cluster.access };
    const logFile = join(plane.directory, 'logs', 'agent-c1.log');
    return startChild({ name: 'agent-c1', ...agentProcess(settings), logFile });
  }

  /** Every route that only reads, and the question that only an agent can answer. */
  async function askEverything(when: string): Promise<void> {
    const { items } = await plane.client.call(operations.listTargets, { params });
    const { metadata, spec } = items[0]!;
    const { uid } = metadata;
    const { application, environment } = spec;
    const id = await deadLetter();
    const reading = Object.values<Operation>(operations).filter(({ method, stream }) => method === 'GET' && !stream);
    for (const { path } of reading) {
      for (const plural of ['repositories', 'environments', 'pipelines', 'applications']) {
        const name = nameFor(path, plural);
        const url = filled(path, { ...params, plural, uid, id, name, application, environment });
        evidence.push({ where: `GET ${url}, ${when}`, text: await textAt(url, 'GET') });
        if (!path.includes('{plural}')) break;
      }
    }
    const url = filled(operations.diffTarget.path, { ...params, uid });
    evidence.push({ where: `diff, ${when}`, text: await textAt(url, 'POST') });
    const back = { selection: { application }, to: backTo || 'previous-good' };
    const order = filled(operations.diffRollback.path, params);
    evidence.push({ where: `diff of an order, ${when}`, text: await textAt(order, 'POST', back) });
  }

  /** One that nobody could read, as soon as there is any. */
  async function deadLetter(): Promise<string> {
    const { metadata } = await plane.client.call(operations.getCluster, { params: { ...params, name: 'c1' } });
    return until(
      async () => {
        listener.publish({ subject: subjects.up(metadata.uid, 'report'), payload: 'not a report' });
        const { items } = await plane.client.call(operations.listDeadLetters, { params });
        return items[0]?.id;
      },
      { what: 'a dead letter' },
    );
  }

  async function textAt(path: string, method: string, body?: object): Promise<string> {
    const headers = {
      authorization: `Bearer ${plane.secrets.bootstrapToken}`,
      ...(body && { 'content-type': 'application/json' }),
    };
    const sent = body && { body: JSON.stringify(body) };
    const response = await fetch(`${plane.urls[0]}${path}`, { method, headers, ...sent });
    return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
  }

  /** Everything that the database keeps; bytes are also read as the text that they may be. */
  async function dumped(): Promise<Evidence[]> {
    const database = new Client({ connectionString: plane.databaseUrl });
    await database.connect();
    const { rows: tables } = await database.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    const dump: Evidence[] = [];
    for (const { name } of tables) {
      const { rows } = await database.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM "${name}" t`);
      const text = rows.map((row) => row.text).join('\n');
      const bytes = [...text.matchAll(/\\\\x([0-9a-f]+)/g)].map(([, hex]) =>
        Buffer.from(hex!, 'hex').toString('latin1'),
      );
      dump.push({ where: `table ${name}`, text: `${text}\n${bytes.join('\n')}` });
    }
    await database.end();
    return dump;
  }

  /** Of every process of ours; the simulated cluster is where the secrets belong. */
  function logs(): Evidence[] {
    const folder = join(plane.directory, 'logs');
    const ours = readdirSync(folder).filter((file) => !file.startsWith('kubesim'));
    const files = [...ours.map((file) => join(folder, file)), join(plane.directory, 'postgres', 'postgres.log')];
    return files.map((file) => ({ where: `log ${file.split('/').at(-1)}`, text: readFileSync(file, 'utf8') }));
  }

  async function scraped(): Promise<Evidence[]> {
    const ports = Object.entries(plane.healthPorts).flatMap(([name, each]) =>
      each.map((port) => [name, port] as const),
    );
    return Promise.all(
      ports.map(async ([name, port]) => ({
        where: `metrics of ${name}`,
        text: await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
      })),
    );
  }
});

/** Each reading route with something that is there. A route with a part that is not known here fails the test. */
function filled(path: string, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, part: string) => {
    if (values[part] === undefined) throw new Error(`${path}: say in this test what {${part}} is`);
    return values[part];
  });
}

function nameFor(path: string, plural: string): string {
  if (path.includes('/clusters/')) return 'c1';
  return { repositories: 'shop', environments: 'dev', pipelines: 'standard', applications: 'checkout' }[plural]!;
}

function documents(url: string): string {
  const head = (kind: string, name: string) =>
    `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
  return [
    `${head('Repository', 'shop')}spec:\n  url: "${url}"\n  credentials: {controlPlane: shop-git, agent: shop-git}\n  webhook: {secret: shop-hook}\n`,
    `${head('Environment', 'dev')}spec: {clusters: {matchLabels: {dev: "true"}}}\n`,
    `${head('Pipeline', 'standard')}spec:\n  stages:\n    - {environment: dev, track: {repository: shop, branch: main}}\n`,
    `${head('Application', 'checkout')}spec:\n  pipeline: standard\n  source: {repository: shop, path: "services/checkout/\${environment.name}"}\n  namespace: "checkout-\${environment.name}"\n`,
  ].join('---\n');
}

function secretFile(plain: string): Record<string, string> {
  const encoded = Buffer.from(canaries.encoded.value).toString('base64');
  const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: password}\nstringData: {plain: "${plain}"}\ndata: {encoded: ${encoded}}\n`;
  return { [`${place}/secret.yaml`]: text };
}

function configFile(value: string): Record<string, string> {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {value: "${value}"}\n`;
  return { [`${place}/config.yaml`]: text };
}

function brokenFile(): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: broken}\nstringData:\n  one: "${canaries.unreadable.value}\n  two: [${canaries.unreadable.value}\n`;
}

function notBase64(): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: broken}\ndata: {value: "${canaries.notBase64.value}!"}\n`;
}

function nested(): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: {name: broken}\nstringData: {value: {deeper: "${canaries.nested.value}"}}\n`;
}
