import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations, type RolloutView, type StageView } from '@flotilla/contracts';
import { until } from '@flotilla/testing';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';

const params = { project: 'default' };
const environments = ['dev', 'staging', 'production'] as const;
const soakMs = 2_000;
const place = { application: 'checkout', environment: 'production' };

let plane: PlaneFixture;
let agent: RawAgent;

beforeAll(async () => {
  plane = await startPlane();
  await plane.git.createRepository('shop', everywhere(1));
  const stages = [
    '{environment: dev, track: {repository: shop, branch: main}}',
    `{environment: staging, after: [dev], promote: auto, gates: [{soak: ${soakMs}ms}]}`,
    '{environment: production, after: [staging], gates: [{approval: {users: [demo, lead]}}]}',
  ];
  const text = fleetDocuments(['checkout'], { environments, stages, url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  const labels = Object.fromEntries(environments.map((environment) => [environment, 'true']));
  agent = await RawAgent.enrol(plane.client, plane.urls[0]!, { name: 'c1', labels });
  agent.hello();
});

afterAll(async () => {
  await agent?.stop();
  await plane?.stop();
});

describe('a commit walks through a pipeline', () => {
  let [first, second] = ['', ''];

  it('into dev by itself, and into staging once it was well in dev for as long as that soaks', async () => {
    first = await until(() => agent.standsIn('dev'), { what: 'dev', timeoutMs: 30_000 });
    await until(() => (agent.keepWell(), agent.standsIn('staging')) === first, { what: 'staging', timeoutMs: 30_000 });
    const [inDev, inStaging] = await Promise.all(['dev', 'staging'].map((environment) => newestRollout(environment)));
    const soaked = Date.parse(inStaging!.metadata.createdAt) - Date.parse(inDev!.status.finishedAt!);
    expect([inStaging!.spec.cause, soaked >= soakMs]).toEqual(['promotion', true]);
  });

  it('before production a second one collapses with it, and both are told what they wait for', async () => {
    second = await plane.git.commit('shop', everywhere(2));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    const stage = await beforePeople(second);
    const told = stage.status.candidates.map(({ revision, state, waits }) => [
      revision,
      state,
      waits.map(({ gate }) => gate),
    ]);
    const waits = ['approval of demo, lead', 'promote'];
    expect(told).toEqual([
      [second, 'Waits', waits],
      [first, 'Waits', waits],
    ]);
  });

  it('is not approved by whoever wrote it, and by nobody who is not asked', async () => {
    const { release } = (await production())!.status.candidates[0]!;
    const approve = async (name: string) =>
      (await clientOf(name)).call(operations.approve, { params, body: { ...place, release } });
    await expect(approve('demo')).rejects.toMatchObject({ code: 'forbidden', reason: 'ApproverIsAuthor' });
    await expect(approve('passer-by')).rejects.toMatchObject({ code: 'forbidden', reason: 'ApproverUnknown' });
    expect(await approve('lead')).toMatchObject({ revision: second });
    const reader = await clientOf('reader', 'read');
    await expect(reader.call(operations.approve, { params, body: { ...place, release } })).rejects.toMatchObject({
      reason: 'PermissionMissing',
    });
  });

  it('and enters production by a person’s word, the newest alone, exactly as it was tested', async () => {
    const body = { ...place, reason: 'ticket 42' };
    const answer = await plane.client.call(operations.promote, { params, body });
    await until(() => agent.standsIn('production') === second, { what: 'production' });
    const { items: rollouts } = await plane.client.call(operations.listRollouts, { params, query: place });
    expect([answer.revision, rollouts.map(({ spec }) => [spec.revision, spec.cause])]).toEqual([
      second,
      [[second, 'promotion']],
    ]);
  });

  it('which the ledger and the list of releases tell', async () => {
    await until(async () => (agent.keepWell(), (await newestRollout('production'))!.status.state) === 'Finished', {
      what: 'the end',
    });
    const { items: events } = await plane.client.call(operations.listEvents, { params, query: { limit: 500 } });
    const actions = new Set(events.map(({ action }) => action));
    expect(['gate.pass', 'approval.give', 'release.promote'].filter((action) => !actions.has(action))).toEqual([]);
    const { items } = await plane.client.call(operations.listReleases, { params, query: {} });
    expect(items.map(({ spec, status }) => [spec.revision, status.stands])).toEqual([
      [second, { dev: 'Finished', staging: 'Finished', production: 'Finished' }],
      [first, { dev: 'Finished', staging: 'Finished', production: 'Superseded' }],
    ]);
  });

  it('and whoever asks of a target there is told what the next one waits for', async () => {
    const third = await plane.git.commit('shop', everywhere(3));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await beforePeople(third);
    const { items } = await plane.client.call(operations.listTargets, { params, query: place });
    const { uid } = items[0]!.metadata;
    const { explanation } = await plane.client.call(operations.getTarget, { params: { ...params, uid } });
    const waits = explanation.map(({ state }) => state).filter((state) => state.startsWith(third.slice(0, 8)));
    expect(waits).toEqual(
      ['approval of demo, lead', 'promote'].map((gate) => expect.stringMatching(`waits before production: ${gate}$`)),
    );
  });
});

function everywhere(number: number): Record<string, string> {
  return Object.fromEntries(
    environments.map((environment) => [`services/checkout/${environment}/a.yaml`, `a: ${number}`]),
  );
}

async function newestRollout(environment: string): Promise<RolloutView | undefined> {
  const { items } = await plane.client.call(operations.listRollouts, { params, query: { environment } });
  return items[0];
}

async function production(): Promise<StageView | undefined> {
  const { items } = await plane.client.call(operations.listStages, { params, query: place });
  return items[0];
}

/** Waits until nothing but people hold this one up before production. */
function beforePeople(revision: string): Promise<StageView> {
  const isThere = async () => {
    agent.keepWell();
    const read = await production();
    const [newest] = read?.status.candidates ?? [];
    return newest?.revision === revision && newest.waits.length === 2 && read;
  };
  return until(isThere, { what: `${revision} before production` });
}

/** Somebody with a token of this name. */
async function clientOf(name: string, permission: 'read' | 'approve' = 'approve'): Promise<FlotillaClient> {
  const { text } = await plane.client.call(operations.createToken, { body: { name, permission } });
  return new FlotillaClient({ server: plane.urls[0]!, token: text });
}
