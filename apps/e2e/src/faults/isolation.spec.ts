import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import type { KubeClient } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { imageOf, keyOf, params, type MortalFleet } from '../support/mortal-fleet.ts';
import type { MortalPart } from '../support/mortal-part.ts';
import { startMortalFleet } from '../support/start-mortal-fleet.ts';

let fleet: MortalFleet;

beforeAll(async () => {
  fleet = await startMortalFleet({ clusters: ['alpha', 'beta', 'gamma'] });
});
afterAll(() => fleet?.stop());

/** What starts fastest first: the choices below change it most often. */
const above = ['Git', 'nats-server', 'PostgreSQL', 'the control plane'] as const;

/** All 15 choices of what is gone, in an order (Gray's) in which each differs from the one before in one part. */
const choices = Array.from({ length: 2 ** above.length - 1 }, (_, index) => {
  const bits = (index + 1) ^ ((index + 1) >> 1);
  return above.filter((_part, bit) => (bits >> bit) & 1);
});

function partsOf(choice: readonly (typeof above)[number][]): readonly MortalPart[] {
  const { nats, postgres, git } = fleet.parts;
  const parts = { Git: [git], 'nats-server': [nats], PostgreSQL: [postgres], 'the control plane': fleet.plane };
  return choice.flatMap((name): readonly MortalPart[] => parts[name]);
}

async function becomeGone(gone: readonly MortalPart[]): Promise<void> {
  for (const part of gone) await part.kill();
  for (const part of partsOf(above)) if (!gone.includes(part)) await part.start();
}

const settings = keyOf('ConfigMap', 'settings');
const web = keyOf('Deployment', 'web');

/** What somebody does by hand in every cluster, one after the other: what heals the one shall not heal the other by the way. */
const meddling = {
  'deletes a Deployment': (client: KubeClient) => client.delete(web, { propagation: 'Background' }),
  'edits another object': (client: KubeClient) =>
    client.mergePatch(settings, { data: { version: 'by hand' } }, { manager: 'kubectl-edit' }),
};

async function meddle(how: keyof typeof meddling): Promise<void> {
  for (const { client } of fleet.parts.clusters) await meddling[how](client);
}

/** What is in every cluster: versions as they run, and what was never touched by its identity. */
async function seen() {
  return Promise.all(
    fleet.parts.clusters.map(async ({ client, deletes }) => {
      const [configMap, deployment] = [await client.get(settings), await client.get(web)];
      const version = (configMap?.data as { version?: string } | undefined)?.version;
      return { version, image: imageOf(deployment), uid: configMap?.metadata.uid, deletes: deletes() };
    }),
  );
}

const healed = (before: Awaited<ReturnType<typeof seen>>) =>
  until(async () => JSON.stringify(await seen()) === JSON.stringify(before), {
    what: `everything to be as it was: ${JSON.stringify(before)}`,
    timeoutMs: 60_000,
    intervalMs: 100,
  });

describe('AT-01: everything above the agent is gone', () => {
  it.each(choices.map((choice) => [choice.join(', '), choice] as const))(
    '%s: what was deleted and edited is healed from what the cluster keeps, and nothing is deleted',
    async (_round, choice) => {
      const before = await seen();
      await becomeGone(partsOf(choice));
      for (const how of ['deletes a Deployment', 'edits another object'] as const) {
        await meddle(how);
        expect(await healed(before)).toBe(true);
      }
    },
  );

  it('heals too when every agent is killed meanwhile and started again, on a disk that is empty', async () => {
    const before = await seen();
    await becomeGone(partsOf(above));
    const { clusters } = fleet.parts;
    for (const { agent, cacheDirectory } of clusters) {
      await agent.kill();
      await rm(cacheDirectory, { recursive: true });
    }
    await meddle('deletes a Deployment');
    await meddle('edits another object');
    for (const { agent } of clusters) await agent.start();
    expect(await healed(before)).toBe(true);
  });

  it('status is true once everything is back', async () => {
    await fleet.revive();
    await fleet.arrived(await fleet.push());
    expect(fleet.backwards).toEqual([]);
  });

  it('status says since when it may not be true, and is true again afterwards', async () => {
    const { nats } = fleet.parts;
    await nats.kill();
    const goneAt = systemClock.now();
    const [deaf] = await until(
      async () => {
        const targets = await fleet.targets();
        return targets.every(({ status }) => status.connection === 'Deaf') && targets;
      },
      { what: 'a control plane that hears nobody', timeoutMs: 60_000, intervalMs: 200 },
    );
    const story = await fleet.call(operations.getTarget, { params: { ...params, uid: deaf!.metadata.uid } });
    const heardUntil = (await heard()).map((at) => at <= goneAt);
    await nats.start();
    await fleet.arrived(await fleet.push());
    const heardAgain = await until(async () => (await heard()).every((at) => at > goneAt), {
      what: 'every cluster to be heard again',
      timeoutMs: 60_000,
      intervalMs: 200,
    });
    const everywhere = fleet.parts.clusters.map(() => true);
    expect({ explanation: story.explanation, heardUntil, heardAgain }).toEqual({
      explanation: [
        {
          state: 'waiting',
          blockedBy: 'the control plane cannot hear any cluster right now',
          since: expect.any(String),
          whoCanAct: 'whoever runs the control plane and its broker',
        },
      ],
      heardUntil: everywhere,
      heardAgain: true,
    });
    expect(Date.parse(story.explanation[0]!.since!)).toBeLessThanOrEqual(goneAt);
  });

  async function heard(): Promise<number[]> {
    const { items } = await fleet.call(operations.listClusters, { params });
    return items.map(({ status }) => Date.parse(status.lastSeenAt!));
  }
});
