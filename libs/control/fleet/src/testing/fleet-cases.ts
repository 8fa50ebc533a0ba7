import { deepEqual, equal, ok } from 'node:assert/strict';
import { noFence, systemActor, type Labels } from '@flotilla/model';
import type { Clusters } from '../clusters.port.ts';
import { joinTokenHash } from '../join-token.ts';
import type { HelloHeard, Liveness } from '../liveness.port.ts';

/** An empty fleet of the default project. */
export interface FleetWorld {
  readonly clusters: Clusters;
  readonly liveness: Liveness;
  readonly labelsOf: (cluster: string) => Promise<Labels>;
}

/** One promise of the ports, and how it is tried. */
export interface FleetCase {
  readonly title: string;
  readonly run: (world: FleetWorld) => Promise<void>;
}

const by = systemActor('test');
const now = Date.UTC(2026, 0, 1);
const expiresAt = now + 60_000;

/** What every filling of the record of clusters does: AT-24, row by row. Free of any test runner. */
export const clusterCases: readonly FleetCase[] = [
  {
    title: 'a token lets exactly one of ten racing keys in, and that key again',
    run: async ({ clusters }) => {
      const { uid } = await join(clusters, 'c1', 't');
      const keys = Array.from({ length: 10 }, (_, index) => `U${index}`);
      const results = await Promise.all(keys.map((key) => clusters.enrol(attempt('t', key))));
      const winners = keys.filter((_, index) => results[index]!.ok);
      equal(winners.length, 1);
      const again = await clusters.enrol(attempt('t', winners[0]!));
      deepEqual(again, { ok: true, value: { uid, project: 'default', name: 'c1' } });
      deepEqual(await clusters.enrol(attempt('t', 'U10')), { ok: false, reason: 'used' });
    },
  },
  {
    title: 'a used token lets the same key in from no other Kubernetes cluster, and from nowhere once it expired',
    run: async ({ clusters }) => {
      await join(clusters, 'c1', 't');
      await clusters.enrol(attempt('t', 'U1'));
      const elsewhere = { ...attempt('t', 'U1'), kubernetesUid: 'another' };
      deepEqual(await clusters.enrol(elsewhere), { ok: false, reason: 'used' });
      const late = { ...attempt('t', 'U1'), now: expiresAt };
      deepEqual(await clusters.enrol(late), { ok: false, reason: 'expired' });
    },
  },
  {
    title: 'a token that is expired, cut short or never made opens nothing',
    run: async ({ clusters }) => {
      await join(clusters, 'c1', 'token');
      deepEqual(await clusters.enrol({ ...attempt('token', 'U1'), now: expiresAt }), { ok: false, reason: 'expired' });
      for (const text of ['toke', 'token ', 'Token', '']) {
        deepEqual(await clusters.enrol(attempt(text, 'U1')), { ok: false, reason: 'unknown' });
      }
      ok((await clusters.enrol({ ...attempt('token', 'U1'), now: expiresAt - 1 })).ok);
    },
  },
  {
    title: 'a token opens the door of its own cluster, and a newer one makes it void',
    run: async ({ clusters }) => {
      const [first] = [await join(clusters, 'prod', 'a'), await join(clusters, 'prod2', 'b')];
      deepEqual(await clusters.enrol(attempt('a', 'U1')), { ok: true, value: first });
      deepEqual(await join(clusters, 'prod2', 'c'), await join(clusters, 'prod2', 'd'));
      deepEqual(await clusters.enrol(attempt('b', 'U2')), { ok: false, reason: 'unknown' });
      deepEqual(await clusters.enrol(attempt('c', 'U2')), { ok: false, reason: 'unknown' });
      ok((await clusters.enrol(attempt('d', 'U2'))).ok);
    },
  },
  {
    title: 'a name that two people give at the same moment is one cluster',
    run: async ({ clusters }) => {
      const joined = await Promise.all(['a', 'b', 'c', 'd'].map((token) => join(clusters, 'c1', token)));
      equal(new Set(joined.map(({ uid }) => uid)).size, 1);
    },
  },
  {
    title: 'a new token moves a cluster out of no environment unless it is told to',
    run: async ({ clusters, labelsOf }) => {
      const { uid } = await join(clusters, 'c1', 'a', { stage: 'dev' });
      await join(clusters, 'c1', 'b');
      deepEqual(await labelsOf(uid), { stage: 'dev', 'flotilla.dev/name': 'c1' });
      await join(clusters, 'c1', 'c', { stage: 'production' });
      deepEqual(await labelsOf(uid), { stage: 'production', 'flotilla.dev/name': 'c1' });
      await clusters.label({ project: 'default', name: 'c1', labels: {}, by });
      deepEqual(await labelsOf(uid), { 'flotilla.dev/name': 'c1' });
      deepEqual(await clusters.label({ project: 'other', name: 'c1', labels: {}, by }), undefined);
    },
  },
  {
    title: 'a cluster that is forgotten opens no door, and its name is free for a new one',
    run: async ({ clusters }) => {
      const { uid } = await join(clusters, 'c1', 'a');
      const forget = () => clusters.forget({ project: 'default', name: 'c1', evenConnected: false, by });
      deepEqual(await forget(), { uid, project: 'default', name: 'c1' });
      deepEqual(await forget(), undefined);
      deepEqual(await clusters.enrol(attempt('a', 'U1')), { ok: false, reason: 'unknown' });
      const again = await join(clusters, 'c1', 'b');
      ok(again.uid !== uid);
      ok((await clusters.enrol(attempt('b', 'U1'))).ok);
    },
  },
];

/** What every filling of liveness does. */
export const livenessCases: readonly FleetCase[] = [
  {
    title: 'says once that a cluster came, once that it went, and once that it came back',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      deepEqual(await liveness.heard([hello(uid, 0)]), { connected: [uid], astray: [] });
      deepEqual(await liveness.heard([hello(uid, 10_000)]), { connected: [], astray: [] });
      deepEqual(await liveness.lose(now + 10_000), []);
      deepEqual(await liveness.lose(now + 10_001), [uid]);
      deepEqual(await liveness.lose(now + 10_001), []);
      deepEqual((await liveness.heard([hello(uid, 40_000)])).connected, [uid]);
    },
  },
  {
    title: 'does not know a cluster that nobody enrolled',
    run: async ({ liveness }) => {
      deepEqual(await liveness.heard([hello('nobody', 0)]), { connected: [], astray: [] });
      deepEqual(await liveness.lose(now + 60_000), []);
    },
  },
  {
    title: 'tells one of the replicas that hear the same hello',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      const replicas = [0, 3, 7].map((delay) => liveness.heard([hello(uid, delay)]));
      const told = (await Promise.all(replicas)).flatMap(({ connected }) => connected);
      deepEqual(told, [uid]);
    },
  },
  {
    title: 'is not set back by a word that comes late',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      await liveness.heard([hello(uid, 20_000)]);
      await liveness.heard([hello(uid, 5_000)]);
      deepEqual(await liveness.lose(now + 15_000), []);
    },
  },
  {
    title: 'finds those whose stored status is not what they believe is stored',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      const { astray } = await liveness.heard([{ ...hello(uid, 0), statusDigest: 'other' }]);
      deepEqual(astray, [uid]);
    },
  },
];

function join(clusters: Clusters, name: string, token: string, labels?: Labels) {
  return clusters.join({ project: 'default', name, labels, tokenHash: joinTokenHash(token), expiresAt, by });
}

function attempt(token: string, userKey: string) {
  return { tokenHash: joinTokenHash(token), userKey, kubernetesUid: 'kube-system-uid', now };
}

function hello(cluster: string, afterMs: number): HelloHeard {
  return {
    cluster,
    at: now + afterMs,
    instance: 'i',
    leaseTransitions: 1,
    protocol: 1,
    fence: noFence,
    setDigest: '',
    statusDigest: '',
    facts: { kubernetesVersion: 'v1.34.0', agentVersion: '0.1.0' },
  };
}
