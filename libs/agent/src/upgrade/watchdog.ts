import { isoTime, type Clock } from '@flotilla/foundation';
import type { Reason } from '@flotilla/model';
import { healthOf } from '@flotilla/workload-health';
import { findFailure } from '../live/find-failure.ts';
import { liveObject } from '../live/live-object.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { AgentDeployment, type AgentHome, type DeploymentReading } from './agent-deployment.ts';
import { chooseWatchStep, type WatchStep } from './choose-watch-step.ts';
import { UpgradeKeeper, type HeldUpgrade } from './upgrade-keeper.ts';

export interface WatchdogOptions {
  readonly cluster: ClusterApi;
  readonly home: Omit<AgentHome, 'pod'>;
  readonly upgrade: string;
  readonly clock: Clock;
  readonly onStep: (step: WatchStep['do']) => void;
  readonly onError: (error: unknown) => void;
}

const lookMs = 1_000;

/**
 * Guards one upgrade from the old agent's image: says that it is there, waits for the new agent to confirm, and puts the
 * old one back when that does not happen. It needs the cluster's API server and nothing else.
 */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #deployment: AgentDeployment;
  readonly #keeper: UpgradeKeeper;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#deployment = new AgentDeployment(options.cluster, options.home);
    this.#keeper = new UpgradeKeeper(options.cluster, options.home.namespace);
  }

  /** Resolves when there is nothing left to guard. An API server that is away is waited for. */
  async watch(signal: AbortSignal): Promise<void> {
    const { clock, onError } = this.#options;
    while (!signal.aborted) {
      const step = await this.look().catch((error: unknown) => (onError(error), undefined));
      if (step === 'leave') return;
      await clock.sleep(lookMs, signal);
    }
  }

  /** Looks once, and does what is to be done. The record is read last: whatever it says is newer than the Deployment. */
  async look(): Promise<WatchStep['do']> {
    const { upgrade, clock, onStep } = this.#options;
    const reading = await this.#deployment.read();
    const held = await this.#keeper.load();
    const step = chooseWatchStep({
      upgrade,
      record: held.record,
      deployment: reading && { image: reading.container.image, ended: reading.ended },
      gaveUp: reading !== undefined && hasGivenUp(reading),
      now: clock.now(),
    });
    await this.#take(step, held, reading);
    if (step.do !== 'wait') onStep(step.do);
    return step.do;
  }

  async #take(step: WatchStep, held: HeldUpgrade, reading: DeploymentReading | undefined): Promise<void> {
    switch (step.do) {
      case 'announce': {
        const deadlineAt = isoTime(this.#options.clock.now() + step.record.deadlineSeconds * 1_000);
        await this.#keeper.replace(held, { ...step.record, phase: 'Watched', deadlineAt });
        break;
      }
      case 'return': {
        const reason = await this.#explained(step.reason, reading);
        await this.#keeper.replace(held, { ...step.record, phase: 'Returning', reason });
        break;
      }
      case 'end':
        await this.#deployment.end(reading!, { upgrade: step.record.upgrade, image: step.image });
        break;
      case 'leave':
      case 'wait':
    }
  }

  /** What the new agent's own pods say, as far as it can be read: the deadline is not put off for it. */
  async #explained(reason: Reason, reading: DeploymentReading | undefined): Promise<Reason> {
    const live = reading && liveObject(reading.object);
    const failure = live && (await findFailure(this.#options.cluster, live).catch(() => undefined));
    return failure ? { ...reason, message: `${reason.message}: ${failure.message}`.slice(0, 2_000) } : reason;
  }
}

/** By the Deployment's own conditions, of the generation that it has now. */
function hasGivenUp({ object }: DeploymentReading): boolean {
  return healthOf(object).status === 'Degraded';
}
