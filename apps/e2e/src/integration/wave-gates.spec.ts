import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations, type RolloutCourseView } from '@flotilla/contracts';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const place = { application: 'checkout', environment: 'dev' };
const strategy =
  'rollout: {waves: [{name: canary, take: 1}, {name: rest, gates: [{approval: {users: [demo, lead]}}]}]}';

let plane: PlaneFixture;
const agents: RawAgent[] = [];
const said = new Map<RawAgent, number>();

beforeAll(async () => {
  plane = await startPlane();
  await plane.git.createRepository('shop', { 'services/checkout/dev/a.yaml': 'a: 1' });
  const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') }).replace(
    'spec: {clusters: {matchLabels: {dev: "true"}}}',
    `spec: {clusters: {matchLabels: {dev: "true"}}, ${strategy}}`,
  );
  for (const name of ['c1', 'c2']) {
    const agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels: { dev: 'true' } });
    agent.hello();
    agents.push(agent);
  }
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
});

afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.stop()));
  await plane?.stop();
});

describe('a wave that waits for a person', () => {
  let release = '';

  it('holds its rollout after the wave before, and says who can act with which command', async () => {
    const { spec, explanation, waves, status } = await rollout(
      ({ status: { blocked } }) => blocked?.code === 'WaveGated',
    );
    release = spec.release;
    expect(explanation).toEqual([
      {
        state: 'waits before wave rest',
        blockedBy: 'approval of demo, lead: 0 of 1 approvals',
        since: status.blockedSince,
        whoCanAct: 'demo, lead: flotilla approve checkout.dev --wave rest',
      },
    ]);
    const [canary, rest] = waves;
    expect([canary?.waits, rest?.waits?.map(({ gate }) => gate), standsOn(agents[1]!)]).toEqual([
      undefined,
      ['approval of demo, lead'],
      undefined,
    ]);
  });

  it('is not begun by whoever wrote the commit, who is not asked, or who may only look', async () => {
    await expect(approve('demo', release)).rejects.toMatchObject({ reason: 'ApproverIsAuthor' });
    await expect(approve('passer-by', release)).rejects.toMatchObject({ reason: 'ApproverUnknown' });
    await expect(approve('reader', release, 'read')).rejects.toMatchObject({ reason: 'PermissionMissing' });
    await expect(approve('lead', 'f'.repeat(40))).rejects.toMatchObject({ reason: 'ReleaseChanged' });
  });

  it('begins once somebody else agreed to it, which the ledger tells', async () => {
    expect(await approve('lead', release)).toMatchObject({ release, wave: 'rest' });
    const { waves } = await rollout(({ status: { state } }) => state === 'Finished');
    expect(waves.map(({ waits }) => waits)).toEqual([undefined, undefined]);
    const { items } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const told = items.filter(({ action }) => ['approval.give', 'gate.pass', 'wave.start'].includes(action));
    expect(
      told.toReversed().map(({ action, message }) => `${action}: ${message.replace(/\b[0-9a-f]{8,}\b/g, 'X')}`),
    ).toEqual([
      'wave.start: checkout X in dev: wave canary of 1 begins',
      'approval.give: checkout X for wave rest of dev, source digest X',
      'gate.pass: checkout X in dev: passed approval of demo, lead before wave rest',
      'wave.start: checkout X in dev: wave rest of 1 begins',
    ]);
  });

  it('waits again for the next release, whatever was agreed to before', async () => {
    const commit = await plane.git.commit('shop', { 'services/checkout/dev/a.yaml': 'a: 2' });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await rollout(({ spec, status: { blocked } }) => spec.revision === commit && blocked?.code === 'WaveGated');
    await expect(approve('lead', release)).rejects.toMatchObject({ reason: 'ReleaseChanged' });
    expect(agents.map((agent) => standsOn(agent) === commit)).toEqual([true, false]);
  });
});

/** Waits until the newest rollout is like this, while agents say of everything that it is well. */
function rollout(isIt: (rollout: RolloutCourseView) => boolean): Promise<RolloutCourseView> {
  return until(
    async () => {
      keepWell();
      const newest = await plane.client
        .call(operations.getRollout, { params: { ...params, ...place } })
        .catch(() => undefined);
      return newest && isIt(newest) && newest;
    },
    { what: 'the rollout', timeoutMs: 60_000, intervalMs: 100 },
  );
}

function keepWell(): void {
  for (const agent of agents) {
    const items = agent.sets
      .slice(said.get(agent) ?? 0)
      .flatMap(({ entries }) => entries.map((entry) => agent.well(entry)));
    said.set(agent, agent.sets.length);
    if (items.length > 0) agent.report(items);
  }
}

/** The commit that a cluster was last told to run. */
function standsOn({ sets }: RawAgent): string | undefined {
  return sets.flatMap(({ entries }) => entries).at(-1)?.source.revision;
}

/** Somebody with a token of this name agrees to the rest. */
async function approve(name: string, release: string, permission: 'read' | 'approve' = 'approve') {
  const { text } = await plane.client.call(operations.createToken, { body: { name, permission } });
  const client = new FlotillaClient({ server: plane.urls[0]!, token: text });
  return client.call(operations.approve, { params, body: { ...place, release, wave: 'rest' } });
}
