import { connectUrl } from '@flotilla/platform-kube';
import { until } from '@flotilla/testing';
import { AgentFixture } from '../support/agent-fixture.ts';
import { applicationNames, filesOf, objectsEach, objectsOf, teamOf } from './engine/bench-applications.ts';
import { apiServerConditions, openApiServer, type MeasuredApiServer } from './engine/measured-api-server.ts';
import { RawReplay } from './engine/raw-replay.ts';
import { beside, rounded, type Bench } from './figure.ts';

const applicationsDefault = 400;
const batch = 50;
const looks = 5;

/**
 * Objects a second that the agent makes, with everything that it does besides (render, compare, records, health, status),
 * beside the same objects sent raw. The two take turns on one API server, so that what else runs on the machine slows
 * both.
 */
export const applyBench: Bench = {
  name: 'apply',
  about: 'objects a second through the agent beside a raw replay of the same, in turns; and when nothing changed',
  run: async (tell, { applications = applicationsDefault }) => {
    const api = await openApiServer();
    const sides = await openSides(api);
    try {
      const [ours, raw] = [new Stopwatch(api), new Stopwatch(api)];
      for (let done = -batch; done < applications; done += batch) {
        const names = applicationNames(batch, `s${done + batch}`);
        // The first turn warms the compiler on both sides.
        const [ourWatch, rawWatch] = done < 0 ? [new Stopwatch(api), new Stopwatch(api)] : [ours, raw];
        await ourWatch.time(() => sides.byAgent(names));
        await rawWatch.time(() => sides.byReplay(names));
      }
      const objects = Math.ceil(applications / batch) * batch * objectsEach;
      const conditions = `${objects} objects each, ${batch} applications x ${objectsEach} objects at a time, agent and replay in turns in one process; ${apiServerConditions}; records of the agent are part of its time`;
      tell({
        metric: 'applyEfficiency',
        unit: 'objects/s',
        ...beside(objects / ours.seconds, objects / raw.seconds),
        conditions: `ratio is value / floor; floor: raw replay; ${conditions}; processor ms an object, API server and etcd + the side itself: agent ${ours.perObject(objects)}, replay ${raw.perObject(objects)}`,
      });
      const still = new Stopwatch(api);
      for (let look = 0; look < looks; look++) await still.time(() => sides.lookAgain());
      const again = new Stopwatch(api);
      await again.time(() => sides.replayAgain());
      tell({
        metric: 'noopApplyPerSecond',
        unit: 'objects/s',
        ...beside((sides.objects * looks) / still.seconds, sides.objects / again.seconds),
        conditions: `every object compared and found in step, without a request; ratio is value / floor; floor: raw replay of objects that are as they shall be; ${conditions}`,
      });
    } finally {
      await sides.stop();
      await api.stop();
    }
  },
};

/** Time that goes by while something is done, and processor time of the API server and of this process. */
class Stopwatch {
  seconds = 0;
  #apiMs = 0;
  #ownMs = 0;
  readonly #api: MeasuredApiServer;

  constructor(api: MeasuredApiServer) {
    this.#api = api;
  }

  async time(task: () => Promise<void>): Promise<void> {
    const [apiMs, own, begunAt] = [this.#api.cpuMs(), process.cpuUsage(), performance.now()];
    await task();
    this.seconds += (performance.now() - begunAt) / 1_000;
    const { user, system } = process.cpuUsage(own);
    this.#apiMs += this.#api.cpuMs() - apiMs;
    this.#ownMs += (user + system) / 1_000;
  }

  perObject(objects: number): string {
    return `${rounded(this.#apiMs / objects, 2)} + ${rounded(this.#ownMs / objects, 2)}`;
  }
}

/** The agent and the raw replay on one API server, each with applications of its own. */
async function openSides(api: MeasuredApiServer) {
  const transport = connectUrl({ url: api.url, token: api.token, ca: api.ca });
  const agent = new AgentFixture({ transport });
  await agent.start();
  const replay = new RawReplay(api);
  const replayed: ReturnType<typeof objectsOf> = [];
  return {
    get objects() {
      return replayed.length;
    },
    byAgent: async (names: readonly string[]) => {
      const targets = order(agent, names);
      const inStep = () => targets.every((target) => agent.plane.status(target)?.sync === 'Synced');
      await until(inStep, { what: 'the agent', timeoutMs: 600_000, intervalMs: 5 });
    },
    byReplay: async (names: readonly string[]) => {
      const objects = names.flatMap((name, index) => objectsOf(`raw-${name}`, teamOf(index)));
      replayed.push(...objects);
      await replay.apply(objects);
    },
    lookAgain: async () => {
      agent.agent.reconciler.lookAtAll();
      await agent.agent.reconciler.settled();
    },
    replayAgain: () => replay.apply(replayed),
    stop: async () => {
      await agent.stop();
      await replay.close();
      await transport.close();
    },
  };
}

/** Orders these applications, each of a commit of its own, and says which targets they are. */
function order(agent: AgentFixture, names: readonly string[]): string[] {
  const entries = names.map((name, index) => {
    const path = `services/${name}`;
    const revision = agent.git.commit(filesOf(name, teamOf(index), path));
    const entry = agent.entry(revision, { target: name, application: name, namespace: teamOf(index) });
    return { ...entry, source: { ...entry.source, path } };
  });
  agent.plane.order(...entries);
  return entries.map(({ target }) => target);
}
