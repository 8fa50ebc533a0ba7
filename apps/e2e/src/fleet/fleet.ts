import { fork, type ChildProcess } from 'node:child_process';
import { operations } from '@flotilla/contracts';
import { mapLimited, type Running } from '@flotilla/foundation';
import { plainEnvironment, program } from '@flotilla/testing';
import type { FlotillaClient } from '@flotilla/client';
import { sumOf, type FleetFigures } from './fleet-tally.ts';
import type { FleetAnswer, FleetVerb, FleetWork, Invitation, Told } from './worker-messages.ts';

export interface FleetOptions {
  readonly client: FlotillaClient;
  /** The front doors, one for each gateway. */
  readonly urls: readonly string[];
  readonly agents: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether agents check signatures, as real ones do. Without it a figure is the control plane's alone. */
  readonly verify?: boolean;
  readonly atOnce?: number;
  /** Told now and then how many are in. */
  readonly onProgress?: (invited: number, enrolled: number) => void;
}

/** No process holds more connections: well below what one may open, and a share of a processor each. */
const agentsEachMax = 5_000;
const params = { project: 'default' };

/** A fleet of simulated agents with identities of their own, in a few processes. */
export class Fleet implements Running {
  readonly agents: number;
  readonly #workers: readonly FleetProcess[];

  private constructor(agents: number, workers: readonly FleetProcess[]) {
    this.agents = agents;
    this.#workers = workers;
  }

  /** Puts the clusters on record, enrols an agent for each through the front door, and lets them dial. */
  static async open(options: FleetOptions): Promise<Fleet> {
    const { agents, atOnce = 32 } = options;
    const count = Math.ceil(agents / agentsEachMax);
    const workers = Array.from({ length: count }, () => new FleetProcess());
    const fleet = new Fleet(agents, workers);
    try {
      const waves = chunked(agents, 500);
      let first = 0;
      for (const size of waves) {
        const invitations = await invite(options, { first, size, atOnce });
        await fleet.#enrol(invitations, options, Math.ceil(atOnce / count));
        first += size;
        options.onProgress?.(first, agents);
      }
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  get processes(): readonly number[] {
    return this.#workers.map(({ pid }) => pid);
  }

  async figures(): Promise<FleetFigures> {
    return sumOf(await Promise.all(this.#workers.map((worker) => worker.ask('figures', {}))));
  }

  /** Lets something happen to so many targets of so many clusters, and says on how many clusters it did. */
  async stir(clusters: number, targetsEach = 1): Promise<number> {
    const each = Math.ceil(clusters / this.#workers.length);
    const answers = await Promise.all(
      this.#workers.map((worker) => worker.ask('stir', { clusters: each, targetsEach })),
    );
    return answers.reduce((sum, { stirred }) => sum + stirred, 0);
  }

  /** Everything that every agent made known so far. */
  async told(): Promise<readonly Told[]> {
    return (await Promise.all(this.#workers.map((worker) => worker.ask('told', {})))).flat();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }

  async #enrol(invitations: readonly Invitation[], { urls, verify = true }: FleetOptions, atOnce: number) {
    await Promise.all(
      this.#workers.map((worker, index) =>
        worker.ask('enrol', {
          url: urls[index % urls.length]!,
          invitations: invitations.filter((_, place) => place % this.#workers.length === index),
          atOnce,
          verify,
        }),
      ),
    );
  }
}

function chunked(total: number, most: number): number[] {
  return Array.from({ length: Math.ceil(total / most) }, (_, index) => Math.min(most, total - index * most));
}

function invite(
  { client, labels }: FleetOptions,
  { first, size, atOnce }: { first: number; size: number; atOnce: number },
): Promise<Invitation[]> {
  const names = Array.from({ length: size }, (_, index) => `fleet-${String(first + index + 1).padStart(5, '0')}`);
  return mapLimited(names, atOnce, async (name) => {
    const { token } = await client.call(operations.joinCluster, { params, body: { name, labels } });
    return { name, token };
  });
}

/** One process of agents, and the questions that it has not answered yet. */
class FleetProcess implements Running {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  #asked = 0;

  constructor() {
    this.#child = fork(program('e2e', 'fleet/worker.js'), {
      execArgv: ['--enable-source-maps', '--max-semi-space-size=4', '--heap-growing-percent=50'],
      env: plainEnvironment(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#answered(message as FleetAnswer));
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('a process of the fleet ended'));
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  ask<Verb extends FleetVerb>(verb: Verb, request: FleetWork[Verb]['request']): Promise<FleetWork[Verb]['answer']> {
    const id = ++this.#asked;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, verb, request });
    }) as Promise<FleetWork[Verb]['answer']>;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.disconnect();
    await gone;
  }

  #answered({ id, answer, problem }: FleetAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (problem === undefined) waiting?.resolve(answer);
    else waiting?.reject(new Error(problem));
  }
}
