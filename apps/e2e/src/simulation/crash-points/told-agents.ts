import type { SetContent } from '@flotilla/control-delivery';
import { every, isoTime, type Clock } from '@flotilla/foundation';
import { compareFences, intentOf, noFence, type DesiredEntry, type Fence, type TargetStatus } from '@flotilla/model';

/** What an agent says of its set, until somebody stored it. */
export interface AgentWord {
  readonly cluster: string;
  readonly fence: Fence;
  readonly statuses: readonly TargetStatus[];
}

export interface ToldAgentsOptions {
  readonly clock: Clock;
  /** Whether what is run is well. */
  readonly isWell: (entry: DesiredEntry) => boolean;
  /** Brings a word to whoever runs now; it is said again until this comes back. */
  readonly say: (word: AgentWord) => Promise<void>;
}

interface Agent {
  readonly fence: Fence;
  readonly entries: ReadonlyMap<string, DesiredEntry>;
  readonly stored: boolean;
}

const sayAgainMs = 3_000;

/** The agents of a fleet, as far as a control plane knows them: they hold what they were sent last, and say so. */
export class ToldAgents {
  readonly #options: ToldAgentsOptions;
  readonly #agents = new Map<string, Agent>();
  /** Each set that was sent, by cluster, in order. */
  readonly #sent = new Map<string, SetContent[]>();
  readonly #appliedAt = new Map<string, string>();

  constructor(options: ToldAgentsOptions) {
    this.#options = options;
    const run = async () => this.#speak();
    every({ clock: options.clock, intervalMs: sayAgainMs, run, onError: () => undefined });
  }

  get fences(): ReadonlyMap<string, Fence> {
    return new Map([...this.#agents].map(([cluster, { fence }]) => [cluster, fence]));
  }

  fenceOf(cluster: string): Fence {
    return this.#agents.get(cluster)?.fence ?? noFence;
  }

  entriesOf(cluster: string): readonly DesiredEntry[] {
    return [...(this.#agents.get(cluster)?.entries.values() ?? [])];
  }

  /** Every set comes twice, the second time late: an agent takes what is newer than what it holds. */
  arrive(content: SetContent): void {
    const before = this.#sent.get(content.cluster) ?? [];
    this.#sent.set(content.cluster, [...before, content]);
    for (const each of [content, ...before]) this.#take(each);
  }

  /** Two sets under one fence that are not the same. */
  get contradictions(): readonly string[] {
    return [...this.#sent].flatMap(([cluster, sets]) =>
      [...Map.groupBy(sets, ({ fence }) => fence.generation)].flatMap(([generation, same]) =>
        new Set(same.map(({ setDigest }) => setDigest)).size > 1
          ? [`${cluster} was sent two sets of generation ${generation}`]
          : [],
      ),
    );
  }

  #take({ cluster, fence, previous, entries, gone }: SetContent): void {
    if (compareFences(fence, this.fenceOf(cluster)) <= 0) return;
    const kept = previous === 0 ? [] : this.entriesOf(cluster);
    const merged = new Map([...kept, ...entries].map((entry) => [entry.target, entry]));
    for (const target of gone) merged.delete(target);
    this.#agents.set(cluster, { fence, entries: merged, stored: false });
  }

  #speak(): void {
    for (const [cluster, agent] of this.#agents) {
      if (agent.stored) continue;
      const { fence } = agent;
      const running = this.entriesOf(cluster).filter((entry) => intentOf(entry) === 'run');
      const statuses = running.map((entry) => this.#statusOf(entry));
      void this.#options.say({ cluster, fence, statuses }).then(() => {
        if (this.#agents.get(cluster) === agent) this.#agents.set(cluster, { ...agent, stored: true });
      });
    }
  }

  #statusOf(entry: DesiredEntry): TargetStatus {
    const { target, generation, release, sourceDigest, source } = entry;
    const run = `${target}/${generation}/${release}`;
    const appliedAt = this.#appliedAt.get(run) ?? isoTime(this.#options.clock.now());
    this.#appliedAt.set(run, appliedAt);
    const health = this.#options.isWell(entry) ? 'Healthy' : 'Degraded';
    const applied = { revision: source.revision, release, sourceDigest, appliedAt };
    return { target, generation, ...applied, sync: 'Synced', health, since: appliedAt, resources: [] };
  }
}
