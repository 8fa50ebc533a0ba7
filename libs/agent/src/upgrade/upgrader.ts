import { every, isoTime, type Clock, type Running } from '@flotilla/foundation';
import type { UpgradeProgress, WishedAgent } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { AgentDeployment, ownImage, type AgentHome, type DeploymentReading } from './agent-deployment.ts';
import { chooseUpgradeStep, type UpgradeStep } from './choose-upgrade-step.ts';
import { UpgradeKeeper, type HeldUpgrade } from './upgrade-keeper.ts';
import { upgradeProgress } from './upgrade-progress.ts';
import { isOpen, type UpgradeRecord } from './upgrade-record.ts';
import { watchdogJob } from './watchdog-job.ts';

export interface UpgraderOptions {
  readonly cluster: ClusterApi;
  /** Absent where the agent was started in another way: then it upgrades nothing and says so. */
  readonly home: AgentHome | undefined;
  readonly clock: Clock;
  readonly lease: { readonly isHeld: boolean };
  readonly line: { readonly connected: boolean };
  /** Every target was looked at, and the control plane stored what was seen. */
  readonly allSaid: () => boolean;
  /** What is to be said of the upgrade changed. */
  readonly onNews: () => void;
  /** A receipt is needed to know that the control plane hears this process. */
  readonly onProofNeeded: () => void;
  readonly onStep: (step: UpgradeStep) => void;
  readonly onError: (error: unknown) => void;
}

/** Where this process runs, as far as it found out: `nowhere` is a place that it cannot upgrade. */
type Place = { readonly image: string } | 'nowhere' | 'unknown';

const lookMs = 1_000;

/**
 * The agent's part in its own upgrade: the old one plans it, has a watchdog made and switches; the new one confirms.
 * While nothing is wished and nothing is open, it asks the API server for nothing.
 */
export class Upgrader implements Running {
  readonly #options: UpgraderOptions;
  readonly #keeper: UpgradeKeeper | undefined;
  readonly #deployment: AgentDeployment | undefined;
  #wish: WishedAgent | undefined;
  #record: UpgradeRecord | undefined;
  #place: Place;
  #proven = false;
  #said = '';
  #looking: Running | undefined;

  constructor(options: UpgraderOptions) {
    this.#options = options;
    const { cluster, home } = options;
    this.#keeper = home && new UpgradeKeeper(cluster, home.namespace);
    this.#deployment = home && new AgentDeployment(cluster, home);
    this.#place = home ? 'unknown' : 'nowhere';
  }

  /** Finds out what the agent before this one left behind, and goes on from there. */
  async start(wish: WishedAgent | undefined): Promise<void> {
    const { clock, onError } = this.#options;
    this.#wish = wish;
    await this.#recall().catch(onError);
    this.#looking = every({ clock, intervalMs: lookMs, run: () => this.#lookIfNeeded(), onError });
  }

  /** What the newest set says: another agent shall run, or none is wished any more. */
  wish(wish: WishedAgent | undefined): void {
    this.#wish = wish;
  }

  /** The control plane stored something that this process said. */
  proven(): void {
    this.#proven = true;
  }

  /** For the hello. */
  get progress(): UpgradeProgress | undefined {
    const { allSaid } = this.#options;
    return upgradeProgress({ wish: this.#wish, record: this.#record, place: this.#place, allSaid: allSaid() });
  }

  async stop(): Promise<void> {
    await this.#looking?.stop();
  }

  async #recall(): Promise<void> {
    const { cluster, home } = this.#options;
    if (!home || !this.#keeper) return;
    this.#record = (await this.#keeper.load()).record;
    const image = await ownImage(cluster, home);
    const isManaged = image !== undefined && (await this.#deployment!.read()) !== undefined;
    this.#place = isManaged ? { image } : 'nowhere';
  }

  async #lookIfNeeded(): Promise<void> {
    const isOpenHere = this.#record !== undefined && isOpen(this.#record);
    if (!this.#wish && !isOpenHere) return;
    if (this.#options.lease.isHeld) await this.#look();
    this.#tellNews();
  }

  /** The Deployment is read first: whatever the record says is newer, so a switch is never made against a decision. */
  async #look(): Promise<void> {
    const { clock, line, onStep } = this.#options;
    if (this.#place === 'unknown') await this.#recall();
    const reading = await this.#deployment?.read();
    if (!reading || typeof this.#place === 'string') return;
    const held = await this.#keeper!.load();
    this.#record = held.record;
    const step = chooseUpgradeStep({
      wish: this.#wish,
      record: held.record,
      mine: this.#place.image,
      wanted: reading.container.image,
      begun: reading.begun,
      connected: line.connected,
      proven: this.#proven,
      now: clock.now(),
    });
    if (step.do === 'nothing') return this.#askForProof();
    await this.#take(step, held, reading);
    onStep(step);
  }

  /** One who is to confirm and has heard nothing yet says something that has to be answered. */
  #askForProof(): void {
    const isNew = typeof this.#place === 'object' && this.#place.image === this.#record?.to;
    if (isNew && isOpen(this.#record!) && !this.#proven) this.#options.onProofNeeded();
  }

  async #take(
    step: Exclude<UpgradeStep, { do: 'nothing' }>,
    held: HeldUpgrade,
    reading: DeploymentReading,
  ): Promise<void> {
    const { cluster, home } = this.#options;
    switch (step.do) {
      case 'plan':
        return this.#write(held, this.#planned(step.wish, reading));
      case 'watch':
        await cluster.create(watchdogJob(home!, reading, step.record.upgrade));
        return;
      case 'switch':
        await this.#deployment!.begin(reading, { upgrade: step.record.upgrade, image: step.record.to });
        return;
      case 'confirm':
        return this.#write(held, { ...step.record, phase: 'Confirmed' });
      case 'refuse':
        return this.#write(held, { ...step.record, phase: 'Refused', reason: step.reason });
    }
  }

  #planned({ upgrade, image, deadlineSeconds }: WishedAgent, { container }: DeploymentReading): UpgradeRecord {
    const plannedAt = isoTime(this.#options.clock.now());
    return { version: 1, upgrade, phase: 'Planned', from: container.image, to: image, plannedAt, deadlineSeconds };
  }

  async #write(held: HeldUpgrade, record: UpgradeRecord): Promise<void> {
    if (await this.#keeper!.replace(held, record)) this.#record = record;
  }

  #tellNews(): void {
    const said = JSON.stringify(this.progress ?? null);
    if (said === this.#said) return;
    this.#said = said;
    this.#options.onNews();
  }
}
