import { applicationNames, objectsEach, objectsOf, teamOf } from './engine/bench-applications.ts';
import { ClusterObserver } from './engine/cluster-observer.ts';
import { openEngineWorld } from './engine/engine-world.ts';
import { apiServerConditions, openApiServer } from './engine/measured-api-server.ts';
import { RawReplay } from './engine/raw-replay.ts';
import { rounded, type Bench } from './figure.ts';

const sizes = [100, 500, 1_000];

/**
 * From a commit in the repository to the last of its objects in the cluster and the last Deployment observed, through
 * the whole of it: webhook, control plane, broker, agent. The floor is a raw replay of the same objects, seen by the
 * same observer, on an API server as fresh.
 */
export const mttpBench: Bench = {
  name: 'mttp',
  about: 'commit to applied and observed at 100, 500, 1,000 applications x 4 objects, beside a raw replay',
  run: async (tell, { applications: only }) => {
    for (const applications of only ? [only] : sizes) {
      // Before and after, because a machine that others use is not the same for long.
      const before = await measureFloor(applications);
      const ours = await measureOurs(applications);
      const after = await measureFloor(applications);
      const floor = {
        seconds: (before.seconds + after.seconds) / 2,
        apiSeconds: rounded((before.apiSeconds + after.apiSeconds) / 2),
      };
      tell({
        metric: 'commitToObserved',
        value: rounded(ours.seconds),
        unit: 's',
        floor: rounded(floor.seconds),
        ratio: rounded(ours.seconds / floor.seconds, 2),
        conditions: `${applications} applications x ${objectsEach} objects; ${apiServerConditions}; floor: raw server-side apply of the same objects until observed, mean of one run before and one after; processor seconds: API server and etcd ${ours.apiSeconds}, agent ${ours.agentSeconds}, control plane with database and broker ${ours.planeSeconds}; API server and etcd in the floor ${floor.apiSeconds}`,
      });
    }
  },
};

interface Measured {
  readonly seconds: number;
  /** Processor time of kube-apiserver and etcd. */
  readonly apiSeconds: number;
}

async function measureFloor(applications: number): Promise<Measured> {
  const api = await openApiServer();
  const observer = new ClusterObserver(api.client);
  const replay = new RawReplay(api);
  try {
    const objects = applicationNames(applications).flatMap((name, index) => objectsOf(name, teamOf(index)));
    const before = api.cpuMs();
    const complete = observer.complete({ objects: objects.length, deployments: applications });
    const begunAt = performance.now();
    await replay.apply(objects);
    const seconds = ((await complete) - begunAt) / 1_000;
    return { seconds, apiSeconds: secondsOf(api.cpuMs() - before) };
  } finally {
    await replay.close();
    await observer.stop();
    await api.stop();
  }
}

interface MeasuredWorld extends Measured {
  readonly agentSeconds: number;
  readonly planeSeconds: number;
}

async function measureOurs(applications: number): Promise<MeasuredWorld> {
  const world = await openEngineWorld(applications);
  try {
    const before = world.cpuMs();
    const seconds = (await world.deliver()) / 1_000;
    const after = world.cpuMs();
    return {
      seconds,
      apiSeconds: secondsOf(after.api - before.api),
      agentSeconds: secondsOf(after.agent - before.agent),
      planeSeconds: secondsOf(after.plane - before.plane),
    };
  } finally {
    await world.stop();
  }
}

function secondsOf(ms: number): number {
  return rounded(ms / 1_000);
}
