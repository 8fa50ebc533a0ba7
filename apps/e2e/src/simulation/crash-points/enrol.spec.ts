import { describe, expect, it } from 'vitest';
import { agentObjects, enrolAgent, IdentityKeeper, type ClusterApi } from '@flotilla/agent';
import { InMemoryCluster } from '@flotilla/agent/testing';
import { enrol, joinTokenLifeMs, newJoinToken, type EnrolPorts } from '@flotilla/control-fleet';
import { InMemoryClusters } from '@flotilla/control-fleet/testing';
import { Fault, toFault } from '@flotilla/foundation';
import { countingIds, VirtualClock } from '@flotilla/foundation/testing';
import { Mortal } from '../mortal.ts';
import { atEveryCrashPoint, type CrashPoint } from './crash-points.ts';

const patienceMs = 5_000;

/** A cluster that wants in, and a control plane that dies and comes back. */
class EnrolWorld {
  readonly clock = new VirtualClock(undefined, { turns: 1 });
  readonly api = new InMemoryCluster(this.clock);
  readonly clusters = new InMemoryClusters(countingIds());
  readonly token = newJoinToken();
  plane = new Mortal();
  agent = new Mortal();

  async open(): Promise<void> {
    for (const name of [agentObjects.namespace, 'kube-system'])
      await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const expiresAt = this.clock.now() + joinTokenLifeMs;
    const by = { kind: 'user', id: 'anna' } as never;
    await this.clusters.join({ project: 'default', name: 'c1', tokenHash: this.token.hash, expiresAt, by });
  }

  /** As the agent's process does it: until it is in or refused, with one key for all attempts of one process. */
  async enrol(publicKey: string): Promise<'in' | 'refused' | 'nobody answers'> {
    const cluster: ClusterApi = this.agent.cluster(this.api);
    const identities = new IdentityKeeper(cluster, agentObjects.namespace);
    const createKey = () => ({ publicKey, seed: publicKey, sign: () => new Uint8Array() });
    const kubernetesUid = 'k1';
    const attempt = async (): Promise<'in' | 'refused' | undefined> => {
      const request = (asked: { token: string; userKey: string; kubernetesUid: string }) => this.#ask(asked);
      try {
        await enrolAgent({ identities, joinToken: this.token.token, createKey, kubernetesUid, request });
        return 'in';
      } catch (error) {
        return toFault(error).code === 'unavailable' ? undefined : 'refused';
      }
    };
    for (let tries = 0; tries < 4; tries++) {
      const outcome = await Promise.race([attempt(), this.clock.advance(2 * patienceMs)]);
      if (outcome) return outcome;
      if (this.plane.dead) this.plane = new Mortal();
    }
    return 'nobody answers';
  }

  /** The identity that is kept, in words: a token for one key with the seed of that very key. */
  async kept(): Promise<string | undefined> {
    const identity = await new IdentityKeeper(this.api, agentObjects.namespace).load();
    return identity && `${identity.userJwt}, seed of ${identity.userSeed.reveal()}`;
  }

  async #ask(request: { token: string; userKey: string; kubernetesUid: string }) {
    const { plane, clock, clusters } = this;
    const issuer = { issue: async ({ userKey }: { userKey: string }) => `jwt of ${userKey}` };
    const ports: EnrolPorts = { clusters: plane.port(clusters), issuer: plane.port(issuer), clock };
    const silence = clock.sleep(patienceMs).then(() => {
      throw new Fault({ code: 'unavailable', reason: 'FrontDoorSilent', message: 'no answer' });
    });
    const { cluster, userJwt, expiresAt } = await Promise.race([enrol(ports, request), silence]);
    const { uid, project, name } = cluster;
    return { cluster: uid, project, name, userJwt, servers: [], orderKeys: [], keyList: 0, expiresAt };
  }
}

async function opened(): Promise<EnrolWorld> {
  const world = new EnrolWorld();
  await world.open();
  return world;
}

describe('AT-24: enrolling', () => {
  it('the control plane may die at any call between using up the token and the answer: the same key gets in, another does not', async () => {
    const countCalls = async () => {
      const world = await opened();
      await world.enrol('key');
      return world.plane.calls;
    };
    const dyingAt = async ({ call, after }: CrashPoint) => {
      const world = await opened();
      world.plane.killIn(call, after);
      const first = await world.enrol('key');
      const kept = await world.kept();
      const other = await new OtherCluster(world).enrol();
      const seen = { first, kept, other };
      const wanted = { first: 'in', kept: 'jwt of key, seed of key', other: 'refused' };
      return JSON.stringify(seen) === JSON.stringify(wanted) ? [] : [JSON.stringify(seen)];
    };
    const { points, wrong } = await atEveryCrashPoint(countCalls, dyingAt);
    process.stdout.write(`${points} crash points of the control plane in an enrolment\n`);
    expect(points).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it('an agent may die at any call: its successor is in, or is refused and asks for another token; never is it in with two keys', async () => {
    const countCalls = async () => {
      const world = await opened();
      await world.enrol('key');
      return world.agent.calls;
    };
    const dyingAt = async ({ call, after }: CrashPoint) => {
      const world = await opened();
      world.agent.killIn(call, after);
      await world.enrol('key');
      world.agent = new Mortal();
      const second = await world.enrol('second key');
      const kept = await world.kept();
      const wanted = { in: ['jwt of key, seed of key', 'jwt of second key, seed of second key'], refused: [undefined] };
      const isRight = second !== 'nobody answers' && wanted[second].includes(kept as never);
      return isRight ? [] : [`${second}, and ${kept} is kept`];
    };
    const { points, wrong } = await atEveryCrashPoint(countCalls, dyingAt);
    process.stdout.write(`${points} crash points of the agent in an enrolment\n`);
    expect(points).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });
});

/** Somebody else who has found the token. */
class OtherCluster {
  readonly #world: EnrolWorld;

  constructor(world: EnrolWorld) {
    this.#world = world;
  }

  async enrol(): Promise<'in' | 'refused'> {
    const { clusters, clock, token } = this.#world;
    const issuer = { issue: async () => 'jwt' };
    const request = { token: token.token.reveal(), userKey: 'thief', kubernetesUid: 'elsewhere' };
    return enrol({ clusters, issuer, clock }, request).then(
      () => 'in' as const,
      () => 'refused' as const,
    );
  }
}
