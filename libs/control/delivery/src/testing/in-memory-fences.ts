import { fenceText, isAhead, noFence, type Fence, type HeldFence } from '@flotilla/model';
import { epochLeadMax, generationLeadMax } from '../recovery/recovery-record.port.ts';

/** Which fence each cluster's set was issued under, with which digest, and what the clusters say that they hold. */
export class InMemoryFences {
  readonly #generations = new Map<string, number>();
  /** The digest of each set, by cluster and fence; empty until it is issued. */
  readonly #issued = new Map<string, string>();
  readonly #heard = new Map<string, HeldFence>();
  #epoch = 1;

  get epoch(): number {
    return this.#epoch;
  }

  /** Every cluster that was ever sent or said anything. */
  get clusters(): readonly string[] {
    return [...new Set([...this.#generations.keys(), ...this.#heard.keys()])];
  }

  /** Those that say they hold what was never issued here. */
  get ahead(): readonly (readonly [cluster: string, held: HeldFence])[] {
    return [...this.#heard].filter(([cluster, held]) => this.isAhead(cluster, held));
  }

  of(cluster: string): Fence | undefined {
    const generation = this.#generations.get(cluster);
    return generation === undefined ? undefined : { epoch: this.#epoch, generation };
  }

  hear(cluster: string, held: HeldFence): void {
    this.#heard.set(cluster, held);
  }

  lastHeard(cluster: string): HeldFence {
    return this.#heard.get(cluster) ?? noFence;
  }

  isAhead(cluster: string, held: HeldFence): boolean {
    const newest = this.of(cluster) ?? noFence;
    return isAhead(held, { newest, digest: this.#issued.get(issuedKey(cluster, held)) });
  }

  /** The next generation of each touched cluster's set. */
  spend(clusters: readonly string[]): ReadonlyMap<string, number> {
    const spent = new Map([...new Set(clusters)].map((uid) => [uid, (this.#generations.get(uid) ?? 0) + 1]));
    for (const [uid, generation] of spent) this.#spend(uid, generation);
    return spent;
  }

  /** Remembers what was issued under the newest fence of a cluster. */
  issue(cluster: string, digest: string): void {
    this.#issued.set(issuedKey(cluster, this.of(cluster)!), digest);
  }

  /** Goes past whatever clusters hold, as far as that can be believed. */
  openEpoch(): void {
    const believable = this.ahead.map(([, { epoch }]) => epoch).filter((said) => said <= this.#epoch + epochLeadMax);
    this.#epoch = 1 + Math.max(this.#epoch, ...believable);
    this.#issued.clear();
    for (const cluster of this.clusters) {
      const known = this.#generations.get(cluster) ?? 0;
      const said = Math.min(this.#heard.get(cluster)?.generation ?? 0, known + generationLeadMax);
      this.#spend(cluster, 1 + Math.max(known, said));
    }
  }

  #spend(cluster: string, generation: number): void {
    this.#generations.set(cluster, generation);
    this.issue(cluster, '');
  }
}

function issuedKey(cluster: string, fence: Fence): string {
  return `${cluster}/${fenceText(fence)}`;
}
