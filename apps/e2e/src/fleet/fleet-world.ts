import { createDatabase } from '@flotilla/control-store';
import { systemClock, type Running } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { applyHookedFleet } from '../support/webhook.ts';
import { Fleet } from './fleet.ts';
import { expectOpenFiles } from './open-files.ts';
import { processFigure, type ProcessFigure } from './process-figures.ts';

export interface FleetWorldOptions {
  readonly agents: number;
  readonly applications: number;
  readonly replicas?: number;
  readonly verify?: boolean;
  readonly environment?: Record<string, string>;
  readonly onProgress?: (what: string) => void;
  /** Ends the opening at its next step. */
  readonly signal?: AbortSignal;
}

/** A control plane on real parts with its fleet, and what is needed to move it and to look at it. */
export interface FleetWorld extends Running {
  readonly plane: PlaneFixture;
  readonly fleet: Fleet;
  readonly targets: number;
  /** Pushes a change of one application and says which commit it is, and when it was in the repository. */
  push(application?: number): Promise<{ readonly commit: string; readonly at: number }>;
  /** Every target that this commit moved is receipted: one of each cluster. The moment of the last receipt. */
  settled(commit: string, timeoutMs?: number): Promise<number>;
  /** What a Git host says when somebody pushed, without any push. */
  readonly tell: () => void;
  readonly query: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  figures(): readonly ProcessFigure[];
}

const environment = 'fleet';
const nameOf = (application: number) => `app-${application}`;

function manifests(application: number, value: string): Record<string, string> {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${nameOf(application)}}\ndata: {value: ${value}}\n`;
  return { [`services/${nameOf(application)}/${environment}/a.yaml`]: text };
}

/** Starts everything, enrols the fleet, brings it its applications, and waits until all of it is well. */
export async function openFleetWorld(options: FleetWorldOptions): Promise<FleetWorld> {
  const { agents, applications, replicas = 1, signal } = options;
  const onProgress = (what: string) => {
    signal?.throwIfAborted();
    options.onProgress?.(what);
  };
  expectOpenFiles(agents);
  const plane = await startPlane({ replicas, durable: true, environment: options.environment ?? {} });
  const started: Running[] = [plane];
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    onProgress('the control plane is up');
    const fleet = await enrolFleet(plane, { ...options, onProgress });
    started.push(fleet);
    const database = createDatabase({ url: plane.databaseUrl, poolMax: 2, applicationName: 'flotilla-bench' });
    await database.initialize();
    started.push({ stop: () => database.destroy() });
    const query = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await database.query(sql, [...parameters])) as Row[];
    const numbers = Array.from({ length: applications }, (_, index) => index + 1);
    const files = Object.assign({}, ...numbers.map((number) => manifests(number, 'first'))) as Record<string, string>;
    const first = await plane.git.createRepository('shop', files);
    const tell = await applyHookedFleet(plane, numbers.map(nameOf), { environments: [environment] });
    const targets = agents * applications;
    const world = { plane, fleet, query, targets, stop };
    const settled = (commit: string, timeoutMs = 120_000) =>
      whenSettled(fleet, { commit, targets: agents, timeoutMs, signal });
    await whenSettled(fleet, { commit: first, targets, timeoutMs: 600_000, signal });
    onProgress(`${agents} clusters run ${applications} applications`);
    let pushes = 0;
    const push = async (application = 1) => {
      const commit = await plane.git.commit('shop', manifests(application, `v${++pushes}`));
      const at = systemClock.now();
      tell();
      return { commit, at };
    };
    return { ...world, push, tell, settled, figures: () => figuresOf(world) };
  } catch (error) {
    await stop();
    throw error;
  }
}

function enrolFleet(plane: PlaneFixture, { agents, verify = true, onProgress }: FleetWorldOptions): Promise<Fleet> {
  return Fleet.open({
    client: plane.client,
    urls: plane.urls,
    agents,
    verify,
    labels: { [environment]: 'true' },
    onProgress: (enrolled) => onProgress?.(`${enrolled} of ${agents} agents are enrolled`),
  });
}

interface Awaited {
  readonly commit: string;
  readonly targets: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

async function whenSettled(fleet: Fleet, { commit, targets, timeoutMs, signal }: Awaited): Promise<number> {
  const what = `${targets} targets to be receipted at ${commit.slice(0, 7)}`;
  const last = await until(
    async () => {
      if (signal?.aborted) return -1;
      const { [commit]: settled } = (await fleet.figures()).settled;
      return settled !== undefined && settled.targets >= targets && settled.lastAt;
    },
    { what, timeoutMs, intervalMs: 50 },
  );
  signal?.throwIfAborted();
  return last;
}

function figuresOf({ plane, fleet }: Pick<FleetWorld, 'plane' | 'fleet'>): ProcessFigure[] {
  const services = Object.entries(plane.services).map(([name, children]) =>
    processFigure(
      name,
      children.map(({ pid }) => pid),
    ),
  );
  return [
    ...services,
    processFigure('postgres', [plane.postgres.child.pid]),
    processFigure('nats', [plane.nats.child.pid]),
    processFigure('simulator', fleet.processes),
  ];
}
