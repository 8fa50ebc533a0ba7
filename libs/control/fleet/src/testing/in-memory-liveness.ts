import type { HelloHeard, HellosStored, Liveness } from '../liveness.port.ts';
import { tellSpeakers, type KnownSpeaker } from '../speaker.ts';

interface Row {
  readonly isConnected: boolean;
  readonly hello: HelloHeard;
  readonly since: number;
}

/** What another replica stored less than this ago is not stored again, unless it says something else. */
const sameMomentMs = 2_000;

/** Who was heard, in memory. */
export class InMemoryLiveness implements Liveness {
  /** The clusters that are on record, each with the digest of its statuses that are stored. */
  readonly clusters = new Map<string, string>();
  readonly #rows = new Map<string, Row>();

  async heard(hellos: readonly HelloHeard[]): Promise<HellosStored> {
    const { spoken, intruders } = tellSpeakers(hellos, this.#speakers());
    const connected: string[] = [];
    for (const hello of spoken) {
      const stored = this.#rows.get(hello.cluster);
      if (!isNews(hello, stored)) continue;
      if (!stored?.isConnected) connected.push(hello.cluster);
      const since = stored?.hello.instance === hello.instance ? stored.since : hello.at;
      this.#rows.set(hello.cluster, { isConnected: true, hello, since });
    }
    const astray = spoken.filter(({ cluster, statusDigest }) => this.clusters.get(cluster) !== statusDigest);
    return { connected, astray: astray.map(({ cluster }) => cluster), intruders };
  }

  async lose(silentSince: number): Promise<readonly string[]> {
    const lost = [...this.#rows].filter(([, { isConnected, hello }]) => isConnected && hello.at < silentSince);
    for (const [cluster, row] of lost) this.#rows.set(cluster, { ...row, isConnected: false });
    return lost.map(([cluster]) => cluster);
  }

  isConnected(cluster: string): boolean {
    return this.#rows.get(cluster)?.isConnected ?? false;
  }

  async listening(): Promise<void> {}

  #speakers(): Map<string, KnownSpeaker> {
    return new Map(
      [...this.clusters.keys()].map((cluster) => {
        const row = this.#rows.get(cluster);
        const { instance, leaseTransitions = 0 } = row?.hello ?? {};
        return [cluster, { instance, leaseTransitions, since: row?.since ?? 0 }];
      }),
    );
  }
}

function isNews(hello: HelloHeard, stored: Row | undefined): boolean {
  if (!stored) return true;
  if (hello.at <= stored.hello.at) return false;
  return !stored.isConnected || hello.at >= stored.hello.at + sameMomentMs || saysElse(hello, stored.hello);
}

function saysElse(left: HelloHeard, right: HelloHeard): boolean {
  const said = ({ instance, leaseTransitions, protocol, fence, setDigest }: HelloHeard) =>
    JSON.stringify([instance, leaseTransitions, protocol, fence.epoch, fence.generation, setDigest]);
  return said(left) !== said(right);
}
