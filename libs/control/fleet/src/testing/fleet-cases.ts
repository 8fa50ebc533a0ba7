import { deepEqual, equal, ok } from 'node:assert/strict';
import { systemActor, type Labels } from '@flotilla/model';
import type { ClusterRecord, Clusters } from '../clusters.port.ts';
import { joinTokenHash } from '../join-token.ts';
import type { HelloHeard, Liveness } from '../liveness.port.ts';
import { heardHello } from './heard-hello.ts';

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

const chain = { cluster: '', kubernetesUid: 'kube-system-uid', now, expiresAt: now + 60_000 };

/** What every filling does with keys: AT-25 on the record itself. */
export const keyCases: readonly FleetCase[] = [
  {
    title: 'a key is followed by one other, as often as it is asked for, and by none in its place',
    run: async ({ clusters }) => {
      const cluster = await enrolled(clusters, 'c1', 'U1');
      const ask = (userKey: string, nextKey: string) =>
        clusters.renew({ ...chain, cluster: cluster.uid, userKey, nextKey });
      const [first, again] = [await ask('U1', 'U2'), await ask('U1', 'U2')];
      deepEqual(
        [first, again],
        Array.from({ length: 2 }, () => ({ ok: true, value: cluster })),
      );
      deepEqual(await ask('U1', 'U3'), { ok: false, reason: 'superseded' });
      deepEqual(await ask('U2', 'U3'), { ok: true, value: cluster });
      deepEqual(await ask('U1', 'U2'), { ok: false, reason: 'superseded' });
      deepEqual(await ask('U4', 'U5'), { ok: false, reason: 'unknown-key' });
      deepEqual(await ask('U3', 'U1'), { ok: false, reason: 'key-taken' });
    },
  },
  {
    title: 'of ten that would follow a key at once one does',
    run: async ({ clusters }) => {
      const { uid } = await enrolled(clusters, 'c1', 'U0');
      const ask = (nextKey: string) => clusters.renew({ ...chain, cluster: uid, userKey: 'U0', nextKey });
      const results = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(`U${index + 1}`)));
      equal(results.filter(({ ok: isOk }) => isOk).length, 1);
    },
  },
  {
    title: 'a key renews nothing but its own cluster, on its own Kubernetes',
    run: async ({ clusters }) => {
      const [mine, other] = [await enrolled(clusters, 'prod', 'U1'), await enrolled(clusters, 'prod2', 'U2')];
      const ask = (change: object) =>
        clusters.renew({ ...chain, cluster: mine.uid, userKey: 'U1', nextKey: 'U9', ...change });
      deepEqual(await ask({ cluster: other.uid }), { ok: false, reason: 'other-cluster' });
      deepEqual(await ask({ userKey: 'U2' }), { ok: false, reason: 'other-cluster' });
      deepEqual(await ask({ kubernetesUid: 'another' }), { ok: false, reason: 'other-kubernetes' });
      deepEqual(await ask({ nextKey: 'U2' }), { ok: false, reason: 'key-taken' });
      deepEqual(await ask({ nextKey: 'U1' }), { ok: false, reason: 'key-taken' });
      deepEqual(await ask({}), { ok: true, value: mine });
    },
  },
  {
    title: 'revoking ends every key and every token; a new token lets a new key in, and an old key never',
    run: async ({ clusters }) => {
      const cluster = await enrolled(clusters, 'c1', 'U1');
      await clusters.renew({ ...chain, cluster: cluster.uid, userKey: 'U1', nextKey: 'U2' });
      await join(clusters, 'c1', 'unused');
      const named = { project: 'default', name: 'c1', reason: 'stolen', by };
      deepEqual(await clusters.revoke(named), cluster);
      deepEqual(await clusters.enrol(attempt('unused', 'U3')), { ok: false, reason: 'unknown' });
      for (const userKey of ['U1', 'U2']) {
        const refusal = await clusters.renew({ ...chain, cluster: cluster.uid, userKey, nextKey: 'U4' });
        deepEqual(refusal, { ok: false, reason: 'revoked' });
      }
      await join(clusters, 'c1', 'again');
      deepEqual(await clusters.enrol(attempt('again', 'U2')), { ok: false, reason: 'key-taken' });
      deepEqual(await clusters.enrol(attempt('again', 'U5')), { ok: true, value: cluster });
      deepEqual(await clusters.revoke({ ...named, project: 'other' }), undefined);
    },
  },
  {
    title: 'who joins again leaves no key of before behind',
    run: async ({ clusters }) => {
      const cluster = await enrolled(clusters, 'c1', 'U1');
      await enrolled(clusters, 'c1', 'U2');
      const old = await clusters.renew({ ...chain, cluster: cluster.uid, userKey: 'U1', nextKey: 'U3' });
      deepEqual(old, { ok: false, reason: 'revoked' });
    },
  },
];

/** What every filling of liveness does. */
export const livenessCases: readonly FleetCase[] = [
  {
    title: 'says once that a cluster came, once that it went, and once that it came back',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      deepEqual(await liveness.heard([hello(uid, 0)]), { connected: [uid], astray: [], intruders: [] });
      deepEqual(await liveness.heard([hello(uid, 10_000)]), { connected: [], astray: [], intruders: [] });
      deepEqual(await liveness.lose(now + 10_000), []);
      deepEqual(await liveness.lose(now + 10_001), [uid]);
      deepEqual(await liveness.lose(now + 10_001), []);
      deepEqual((await liveness.heard([hello(uid, 40_000)])).connected, [uid]);
    },
  },
  {
    title: 'does not know a cluster that nobody enrolled',
    run: async ({ liveness }) => {
      deepEqual(await liveness.heard([hello('nobody', 0)]), { connected: [], astray: [], intruders: [] });
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
    title: 'believes one of two with one count, and the next one that took the Lease over',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      await liveness.heard([hello(uid, 0)]);
      const other = { ...hello(uid, 5_000), instance: 'other' };
      const { intruders } = await liveness.heard([hello(uid, 5_000), other]);
      deepEqual(intruders, [{ cluster: uid, instance: 'other', code: 'IdentityDoubled', at: now + 5_000 }]);
      deepEqual((await liveness.heard([{ ...other, at: now + 6_000, leaseTransitions: 2 }])).intruders, []);
      const left = { ...hello(uid, 60_000), leaseTransitions: 1 };
      deepEqual(await liveness.heard([left]), {
        connected: [],
        astray: [],
        intruders: [{ cluster: uid, instance: 'i', code: 'IdentityDoubled', at: now + 60_000 }],
      });
    },
  },
  {
    title: 'lets one of two speak that are heard for the first time in one moment, by different replicas',
    run: async ({ clusters, liveness }) => {
      const { uid } = await join(clusters, 'c1', 't');
      const both = ['a', 'b'].map((instance) => ({ ...hello(uid, 0), instance }));
      await Promise.all(both.map((said) => liveness.heard([said])));
      const later = await liveness.heard(both.map((said) => ({ ...said, at: now + 10_000 })));
      equal(later.intruders.length, 1);
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
  return { tokenHash: joinTokenHash(token), userKey, kubernetesUid: 'kube-system-uid', now, expiresAt: now + 60_000 };
}

/** A cluster that is in with this key. */
async function enrolled(clusters: Clusters, name: string, userKey: string): Promise<ClusterRecord> {
  const token = `token of ${userKey}`;
  const cluster = await join(clusters, name, token);
  ok((await clusters.enrol(attempt(token, userKey))).ok);
  return cluster;
}

function hello(cluster: string, afterMs: number): HelloHeard {
  return heardHello(cluster, now + afterMs, 'i');
}
