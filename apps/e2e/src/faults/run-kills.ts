import { operations } from '@flotilla/contracts';
import { every, systemClock, toFault } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { params, type MortalFleet } from '../support/mortal-fleet.ts';
import { chooseKills, type Kill } from './choose-kills.ts';
import { findWrong } from './find-wrong.ts';

export interface RunKillsOptions {
  readonly seed: number;
  readonly forMs: number;
  /** Told of each kill. */
  readonly tell?: (kill: Kill) => void;
}

/** What was done to a fleet, and what was wrong with it afterwards. */
export interface KillsRun {
  readonly kills: number;
  readonly commits: number;
  /** Orders of people, all of which were accepted in the end. */
  readonly orders: number;
  readonly wrong: readonly string[];
}

/**
 * Kills any part of a fleet at any time, while commits are pushed and people give orders, then starts what is down and
 * waits until all is well. People repeat an order, with its key, until it is accepted.
 */
export async function runKills(fleet: MortalFleet, { seed, forMs, tell }: RunKillsOptions): Promise<KillsRun> {
  const over = new AbortController();
  const people = new People(fleet);
  const killer = new Killer(fleet, seed, tell);
  const busy = [
    every({
      clock: systemClock,
      intervalMs: 0,
      run: () => killer.kill(over.signal),
      onError: (error) => killer.failed(error),
    }),
    every({ clock: systemClock, intervalMs: 700, run: () => people.push(), onError: () => undefined }),
    every({ clock: systemClock, intervalMs: 300, run: () => people.order(), onError: () => undefined }),
  ];
  await systemClock.sleep(forMs);
  over.abort();
  await busy[0]!.stop();
  await fleet.revive();
  await Promise.all(busy.map((each) => each.stop()));
  const wrong = [...killer.failures, ...people.failures, ...(await findWrong(fleet, people.given))];
  return { kills: killer.kills, commits: people.commits, orders: people.given.length, wrong };
}

/** Kills one part after the other, and starts each again a little later, as whoever supervises it would. */
class Killer {
  readonly failures: string[] = [];
  readonly #fleet: MortalFleet;
  readonly #choices: Generator<Kill>;
  readonly #tell: ((kill: Kill) => void) | undefined;
  readonly #comingBack = new Map<string, Promise<void>>();
  kills = 0;

  constructor(fleet: MortalFleet, seed: number, tell?: (kill: Kill) => void) {
    this.#fleet = fleet;
    this.#tell = tell;
    this.#choices = chooseKills(
      seed,
      fleet.mortals.map(({ name }) => name),
    );
  }

  async kill(signal: AbortSignal): Promise<void> {
    const kill = this.#choices.next().value as Kill;
    await systemClock.sleep(kill.pauseMs, signal);
    if (signal.aborted) return;
    const part = this.#fleet.mortals.find(({ name }) => name === kill.part)!;
    // Whoever is dead already is killed again once it lives.
    await this.#comingBack.get(kill.part);
    this.#tell?.(kill);
    this.kills++;
    await part.kill();
    const coming = systemClock.sleep(kill.downMs, signal).then(() => part.start());
    this.#comingBack.set(
      kill.part,
      coming.catch((error: unknown) => this.failed(error)),
    );
  }

  failed(error: unknown): void {
    this.failures.push(`a part could not be killed or started: ${toFault(error).message}`);
  }
}

/** Those who push and order meanwhile, and do not give up. */
class People {
  readonly failures: string[] = [];
  readonly given: string[] = [];
  readonly #fleet: MortalFleet;
  #orders = 0;
  commits = 0;

  constructor(fleet: MortalFleet) {
    this.#fleet = fleet;
  }

  async push(): Promise<void> {
    if (!this.#fleet.parts.git.isUp) return;
    await this.#fleet.push();
    this.commits++;
  }

  /** Suspends everything for a moment, and lifts it again. Of every other order the first answer is lost after its commit. */
  async order(): Promise<void> {
    const reason = `order ${++this.#orders}`;
    if (this.#orders % 2 === 0) this.#fleet.parts.severCommitOf('given_order');
    const choice = { environment: 'dev' };
    await this.#insist(`suspend-${this.#orders}`, operations.suspendTargets, { params, body: { choice, reason } });
    await this.#insist(`resume-${this.#orders}`, operations.resumeTargets, { params, body: choice });
    this.given.push(reason);
  }

  async #insist(key: string, ...[operation, call]: Order): Promise<void> {
    const give = () => this.#fleet.call(operation as typeof operations.suspendTargets, call as never, key);
    await until(give, { what: `${key} to be accepted`, timeoutMs: 150_000, intervalMs: 100 }).catch(
      (error: unknown) => {
        this.failures.push(`${toFault(error).message}: ${toFault((error as Error).cause).message}`);
        throw error;
      },
    );
  }
}

type Order = [typeof operations.suspendTargets, object] | [typeof operations.resumeTargets, object];
