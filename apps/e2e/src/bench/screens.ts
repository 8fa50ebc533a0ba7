import { operations } from '@flotilla/contracts';
import { every, systemClock, type Running } from '@flotilla/foundation';
import { comeBack } from '../fleet/come-back.ts';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { lostTransitions } from '../fleet/lost-transitions.ts';
import { memoryOf, spentText } from '../fleet/process-figures.ts';
import { Screens } from '../fleet/screens.ts';
import { percentile, rounded, type Bench } from './figure.ts';

/** With 1,200 agents about 5,000 targets. */
const applications = 4;
const pushes = 5;
const pushEveryMs = 4_000;
const hooksPerSecond = 50;
const readsPerSecond = 20;
const params = { project: 'default' };

/**
 * A herd at its full size: everybody comes back at once, and then hundreds of screens follow while commits are rolled
 * out, webhooks storm, and people and programs read lists. A read begins when it is due, whether or not those before it
 * were answered, so that a slow answer costs whoever comes next as it does in life.
 */
export const screensBench: Bench = {
  name: 'screens',
  about: 'answers of the API while screens follow a fleet and webhooks storm (--agents N --screens N)',
  run: async (tell, { agents, screens, verify }) => {
    const world = await openFleetWorld({ agents, applications, verify });
    const started: Running[] = [world];
    try {
      const conditions = `${agents} agents x ${applications} applications, ${screens} screens`;
      const heardMs = await herd(world);
      tell({
        metric: 'heardMs',
        value: rounded(heardMs, 0),
        unit: 'ms',
        conditions: `${conditions}; kill -9 of nats-server`,
      });
      const watching = new Screens(world.plane, screens);
      started.push(watching);
      tell({
        metric: 'openedMs',
        value: rounded(await watching.openedMs, 0),
        unit: 'ms',
        conditions: `${conditions}, all opened at once`,
      });
      const before = world.figures();
      const { reads, seenMs } = await storm(world, watching);
      const after = world.figures();
      const busy = `${conditions}; ${pushes} commits, ${hooksPerSecond} webhooks/s, ${readsPerSecond} reads/s`;
      const told = `${busy}; ${reads.tookMs.length} reads, ${reads.failed} failed, p50 ${rounded(percentile(reads.tookMs, 0.5))} ms, worst ${rounded(Math.max(...reads.tookMs), 0)} ms`;
      tell({ metric: 'readP95Ms', value: rounded(percentile(reads.tookMs, 0.95)), unit: 'ms', conditions: told });
      tell({
        metric: 'lastScreenMs',
        value: percentile(seenMs, 0.5),
        unit: 'ms',
        conditions: `${busy}; from the push to the last screen that was told that all are well, median, worst ${Math.max(...seenMs)} ms; ${spentText(before, after)}`,
      });
      const lost = await lostTransitions(world);
      tell({ metric: 'lostTransitions', value: lost, unit: 'transitions', conditions: busy });
      const memory = memoryOf(after);
      tell({ metric: 'totalRssMb', value: memory.total, unit: 'MB', conditions: `${busy}; ${memory.text}` });
    } finally {
      for (const part of started.toReversed()) await part.stop();
    }
  },
};

/** Everybody loses the broker and comes back. */
async function herd(world: FleetWorld): Promise<number> {
  const since = systemClock.now();
  await world.plane.crashBroker();
  return (await comeBack(world, since)).tookMs;
}

interface Stormed {
  readonly reads: { readonly tookMs: readonly number[]; readonly failed: number };
  readonly seenMs: readonly number[];
}

/** Rolls out commit after commit under hooks and reads. */
async function storm(world: FleetWorld, screens: Screens): Promise<Stormed> {
  const tookMs: number[] = [];
  const reading: Promise<void>[] = [];
  let failed = 0;
  const read = async () => {
    const begun = performance.now();
    await lists[reading.length % lists.length]!(world).catch(() => failed++);
    tookMs.push(performance.now() - begun);
  };
  const parts = [
    repeatedly(hooksPerSecond, async () => world.tell()),
    repeatedly(readsPerSecond, async () => void reading.push(read())),
  ];
  try {
    const seenMs = [];
    for (let push = 0; push < pushes; push++) {
      const { commit, at } = await world.push();
      seenMs.push((await screens.seen(commit, world.fleet.agents, 120_000)) - at);
      await systemClock.sleep(Math.max(0, at + pushEveryMs - systemClock.now()));
    }
    return { reads: { tookMs, failed }, seenMs };
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
    await Promise.all(reading);
  }
}

/** What is looked at most: whether all is well, where something runs, what happened. */
const lists: readonly ((world: FleetWorld) => Promise<unknown>)[] = [
  ({ plane }) => plane.client.call(operations.listClusters, { params, query: { limit: 100 } }),
  ({ plane }) => plane.client.call(operations.listTargets, { params, query: { limit: 100 } }),
  ({ plane }) => plane.client.call(operations.listEvents, { params, query: { limit: 100 } }),
];

function repeatedly(perSecond: number, run: () => Promise<void>): Running {
  return every({ clock: systemClock, intervalMs: 1_000 / perSecond, run, onError: () => undefined });
}
