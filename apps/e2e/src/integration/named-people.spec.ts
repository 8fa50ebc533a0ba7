import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { every, systemClock, type Running } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { callFlotilla, type Called } from '../support/call-flotilla.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const place = { application: 'checkout', environment: 'production' };
const environments = ['dev', 'production'];
const leads = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Project
metadata: {name: default}
spec: {groups: {leads: [ann, bob]}}
---
`;

let plane: PlaneFixture;
let agent: RawAgent;
let living: Running;
/** Tokens by whose they are. */
const tokens: Record<string, string> = {};

beforeAll(async () => {
  plane = await startPlane({ replicas: 2 });
  tokens['root'] = plane.secrets.bootstrapToken;
  await plane.git.createRepository('shop', everywhere(1), { author: 'Ann Lee <ann@example.org>' });
  const stages = [
    '{environment: dev, track: {repository: shop, branch: main}}',
    '{environment: production, after: [dev], gates: [{approval: {group: leads}}]}',
  ];
  const text = leads + fleetDocuments(['checkout'], { environments, stages, url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  const labels = Object.fromEntries(environments.map((environment) => [environment, 'true']));
  agent = await RawAgent.enrol(plane.client, plane.urls[1]!, { name: 'eu-1', labels });
  living = every({ clock: systemClock, intervalMs: 500, run: async () => keepWell(), onError: () => undefined });
});

afterAll(async () => {
  await living?.stop();
  await agent?.stop();
  await plane?.stop();
});

/** The program as one of these people calls it. */
const as = (who: string, ...args: readonly string[]): Promise<Called> => callFlotilla(plane, tokens[who]!, args);

describe('a team with names', () => {
  it('is given tokens, each as far as it needs to go', async () => {
    const made = [
      await as('root', 'token', 'create', 'ann', '--permission', 'write'),
      await as('root', 'token', 'create', 'bob', '--permission', 'approve', '--project', 'default', '--expires', '30d'),
    ];
    [tokens['ann'], tokens['bob']] = made.map(({ out }) => out.trim()) as [string, string];
    const { out } = await as('root', 'token', 'list', '-o', 'json');
    const { items } = JSON.parse(out) as { items: { metadata: { name: string }; spec: object }[] };
    expect(items.map(({ metadata, spec }) => [metadata.name, spec]).toReversed()).toEqual([
      ['bootstrap', { permission: 'admin' }],
      ['ann', { permission: 'write' }],
      ['bob', { permission: 'approve', project: 'default', expiresAt: expect.any(String) }],
    ]);
  });

  it('of which ann promotes what she wrote and cannot approve it, and bob approves and cannot promote', async () => {
    const waits = async () => {
      const { items } = await plane.client.call(operations.listStages, { params, query: place });
      return items[0]?.status.candidates[0]?.waits.some(({ gate }) => gate === 'approval of group leads');
    };
    await until(waits, { what: 'a release that waits for the leads', timeoutMs: 30_000 });
    const promoted = await as('ann', 'promote', 'checkout', '--to', 'production', '--reason', 'ticket 42');
    const ofAnn = await as('ann', 'approve', 'checkout.production');
    const ofBob = await as('bob', 'promote', 'checkout', '--to', 'production', '--reason', 'me too');
    expect([promoted.code, ofAnn, ofBob]).toEqual([
      0,
      { code: 4, out: '', err: expect.stringContaining('ann') },
      { code: 4, out: '', err: expect.stringContaining('permission write') },
    ]);
    expect(inProduction()).toBe(false);
    expect((await as('bob', 'approve', 'checkout.production')).code).toBe(0);
    await until(() => inProduction(), { what: 'production' });
  });

  it('is who the ledger names', async () => {
    const { out } = await as('bob', 'ledger', 'list', '--limit', '0', '-o', 'json');
    const { items } = JSON.parse(out) as { items: { actor: string; action: string }[] };
    const told = items.filter(({ actor }) => actor.startsWith('user:')).map(({ actor, action }) => [actor, action]);
    expect(told.slice(-4)).toEqual([
      ['user:bootstrap', 'token.create'],
      ['user:bootstrap', 'token.create'],
      ['user:ann', 'release.promote'],
      ['user:bob', 'approval.give'],
    ]);
  });

  it('AT-23: and whoever leaves is out: at every replica, at once, and what he still read ends in five seconds', async () => {
    const headers = { authorization: `Bearer ${tokens['bob']}` };
    const streams = await Promise.all(
      plane.urls.map((url) => fetch(`${url}/api/v1/projects/default/stream`, { headers })),
    );
    const ended = Promise.all(streams.map((stream) => stream.text()));
    const revoked = await as('root', 'token', 'revoke', 'bob', '-o', 'name');
    const begun = performance.now();
    const answers = await Promise.all(
      plane.urls.map(async (url) => (await fetch(`${url}/api/v1/projects`, { headers })).json()),
    );
    await ended;
    const tookMs = performance.now() - begun;
    const last = await as('bob', 'get', 'targets');
    expect([revoked.out, answers, tookMs < 5_000, last.code, last.err]).toEqual([
      expect.stringMatching(/^token\/[0-9a-f]{16}\n$/),
      plane.urls.map(() => expect.objectContaining({ status: 401, code: 'TokenRevoked' })),
      true,
      4,
      expect.stringContaining('this token was revoked'),
    ]);
  });

  it('cannot lock itself out', async () => {
    const refused = await as('root', 'token', 'revoke', 'bootstrap');
    tokens['sue'] = (await as('root', 'token', 'create', 'sue', '--permission', 'admin')).out.trim();
    const handedOver = await as('sue', 'token', 'revoke', 'bootstrap');
    expect([refused.code, refused.err, handedOver.code, (await as('root', 'get', 'targets')).code]).toEqual([
      6,
      expect.stringContaining('make one first: flotilla token create NAME --permission admin'),
      0,
      4,
    ]);
  });

  it('and a gateway that starts again does not bring back what was revoked', async () => {
    await plane.restart('gateway');
    expect([(await as('root', 'get', 'targets')).code, (await as('sue', 'get', 'targets')).code]).toEqual([4, 0]);
  });
});

function everywhere(number: number): Record<string, string> {
  return Object.fromEntries(environments.map((name) => [`services/checkout/${name}/a.yaml`, `a: ${number}`]));
}

/** The agent is heard, and says of everything that it was told that it is applied and well. */
function keepWell(): void {
  agent.hello();
  agent.keepWell();
}

function inProduction(): boolean {
  return agent.sets.some(({ entries }) => entries.some(({ environment }) => environment === 'production'));
}
