import type { Clock, Ids } from '@flotilla/foundation';
import {
  isOpenUpgrade,
  type AgentUpgradeState,
  type Connection,
  type Labels,
  type UpgradeOrder,
  type UpgradeRequest,
  type WishedAgent,
  type WorkKind,
} from '@flotilla/model';
import type { OrderGiver } from '../delivery-record.port.ts';
import type { AgentUpgradeRecord, AgentUpgrades, UpgradeHeard } from '../upgrades/agent-upgrades.port.ts';
import { chooseClusters } from '../upgrades/choose-clusters.ts';
import type { UpgradeClusterFacts, UpgradeFacts, UpgradePlan, UpgradeStepChange } from '../upgrades/upgrade-facts.ts';
import { upgradeMissing, upgradeOpen } from '../upgrades/upgrade-refusals.ts';
import { InMemoryRequests } from './in-memory-requests.ts';

/** What is known of a cluster from elsewhere: its labels, whether it is heard, and how its targets are. */
export interface UpgradableCluster {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
  readonly labels: Labels;
  readonly connection: Connection;
  readonly features?: readonly string[];
  readonly targets: readonly { readonly name: string; readonly isWell: boolean }[];
}

export interface InMemoryUpgradesOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly clusters: () => readonly UpgradableCluster[];
  /** Told what has to be looked at next, as the work table would be. */
  readonly mark?: (kind: WorkKind, keys: readonly string[]) => void;
}

interface StoredStep extends Omit<UpgradeClusterFacts, 'connection' | 'features' | 'unwell'> {
  readonly reason?: UpgradeStepChange['reason'];
  /** The targets that were well when it began. */
  readonly wasWell: readonly string[];
}

interface StoredUpgrade extends Omit<AgentUpgradeRecord, 'steps'> {
  readonly forgiven: number;
  readonly steps: readonly StoredStep[];
}

/** Agent upgrades in memory. Each method runs to its end without a pause, so it is a transaction. */
export class InMemoryAgentUpgrades implements AgentUpgrades {
  readonly #options: InMemoryUpgradesOptions;
  /** In the order in which they were opened. */
  readonly #upgrades = new Map<string, StoredUpgrade>();
  readonly #requests = new InMemoryRequests();

  constructor(options: InMemoryUpgradesOptions) {
    this.#options = options;
  }

  /** As screens show them; newest first. */
  all(): readonly AgentUpgradeRecord[] {
    return [...this.#upgrades.values()].toReversed().map(({ forgiven: _forgiven, steps, ...upgrade }) => ({
      ...upgrade,
      steps: steps.map(({ name, state, since, reason }) => ({
        cluster: name,
        state,
        since: new Date(since),
        ...(reason && { reason }),
      })),
    }));
  }

  /** The agent that the set of a cluster wishes for. */
  wishOf(cluster: string): WishedAgent | undefined {
    const wishing = [...this.#upgrades.values()].findLast(({ steps }) =>
      steps.some((step) => step.cluster === cluster && step.state === 'Upgrading'),
    );
    if (!wishing) return undefined;
    const { uid: upgrade, image, version, deadlineSeconds } = wishing;
    return { upgrade, image, version, deadlineSeconds };
  }

  async open(project: string, request: UpgradeRequest, by: OrderGiver): Promise<string> {
    return this.#requests.carryOutOnce(by, () => {
      if (this.#openIn(project)) throw upgradeOpen();
      const clusters = this.#options.clusters().filter((cluster) => cluster.project === project);
      const now = this.#options.clock.now();
      const steps = chooseClusters(clusters, request.selector)
        .map(({ uid, name }) => ({ cluster: uid, name, state: 'Waiting', since: now, wasWell: [] }) as const)
        .toSorted((left, right) => (left.name < right.name ? -1 : 1));
      const uid = this.#options.ids.next();
      const createdAt = new Date(now);
      this.#keep({ ...request, uid, project, state: 'Running', forgiven: 0, createdAt, steps });
      return uid;
    });
  }

  async steer(project: string, order: UpgradeOrder, by: OrderGiver): Promise<string> {
    return this.#requests.carryOutOnce(by, () => {
      const upgrade = this.#openIn(project);
      if (!upgrade) throw upgradeMissing(project);
      this.#keep(steered(upgrade, order));
      return upgrade.uid;
    });
  }

  async heard(heard: readonly UpgradeHeard[]): Promise<void> {
    for (const { cluster, version, progress } of heard) {
      const upgrade = this.#upgrades.get(progress.upgrade);
      const said = { ...progress, version };
      const isNews = (step: StoredStep) =>
        step.cluster === cluster && step.state === 'Upgrading' && JSON.stringify(step.said) !== JSON.stringify(said);
      if (!upgrade?.steps.some(isNews)) continue;
      this.#keep({ ...upgrade, steps: upgrade.steps.map((step) => (isNews(step) ? { ...step, said } : step)) });
    }
  }

  async look(uid: string, plan: (facts: UpgradeFacts) => UpgradePlan): Promise<UpgradePlan | undefined> {
    const upgrade = this.#upgrades.get(uid);
    if (!upgrade || upgrade.finishedAt) return undefined;
    const planned = plan(this.#facts(upgrade));
    this.#write(upgrade, planned);
    return planned;
  }

  #openIn(project: string): StoredUpgrade | undefined {
    return [...this.#upgrades.values()].find((upgrade) => upgrade.project === project && isOpenUpgrade(upgrade.state));
  }

  /** Whatever is new about it, somebody has to look at it. */
  #keep(upgrade: StoredUpgrade): void {
    this.#upgrades.set(upgrade.uid, upgrade);
    this.#options.mark?.('upgrade', [upgrade.uid]);
  }

  #facts({ state, version, atOnce, failuresMax, deadlineSeconds, forgiven, steps }: StoredUpgrade): UpgradeFacts {
    const clusters = steps.map(({ wasWell, reason: _reason, ...step }) => {
      const known = this.#options.clusters().find(({ uid }) => uid === step.cluster);
      // A target that has left since is not missed.
      const unwell = known?.targets.filter(({ name, isWell }) => wasWell.includes(name) && !isWell) ?? [];
      return {
        ...step,
        connection: known?.connection ?? 'Pending',
        features: known?.features,
        unwell: unwell.map(({ name }) => name),
      };
    });
    const now = this.#options.clock.now();
    return { state, version, atOnce, failuresMax, deadlineSeconds, forgiven, clusters, now };
  }

  #write(upgrade: StoredUpgrade, { changes, state, reason = upgrade.reason }: UpgradePlan): void {
    const changed = new Map(changes.map((change) => [change.cluster, change]));
    const steps = upgrade.steps.map((step) => this.#stepAfter(step, changed.get(step.cluster)));
    const finished = isOpenUpgrade(state) ? {} : { finishedAt: new Date(this.#options.clock.now()) };
    this.#upgrades.set(upgrade.uid, { ...upgrade, state, steps, ...finished, ...(reason && { reason }) });
    if (changes.length > 0) this.#options.mark?.('set', [...changed.keys()]);
  }

  #stepAfter(step: StoredStep, change: UpgradeStepChange | undefined): StoredStep {
    if (!change) return step;
    const known = this.#options.clusters().find(({ uid }) => uid === step.cluster);
    const well = known?.targets.filter(({ isWell }) => isWell).map(({ name }) => name) ?? [];
    const { state, reason } = change;
    const wasWell = state === 'Upgrading' ? well : step.wasWell;
    return { ...step, state, reason, wasWell, since: this.#options.clock.now() };
  }
}

const states: Readonly<Record<UpgradeOrder, AgentUpgradeState>> = {
  pause: 'Paused',
  resume: 'Running',
  abort: 'Aborted',
};

/** Who resumes has seen what failed so far. */
function steered(upgrade: StoredUpgrade, order: UpgradeOrder): StoredUpgrade {
  const state = states[order];
  if (order !== 'resume') return { ...upgrade, state };
  const { reason: _seen, ...rest } = upgrade;
  return { ...rest, state, forgiven: upgrade.steps.filter((step) => step.state === 'Failed').length };
}
