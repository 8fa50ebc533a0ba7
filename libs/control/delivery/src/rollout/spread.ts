import type { ClusterFacts as SaidFacts, Labels } from '@flotilla/model';

/** A cluster as waves choose it. */
export interface WaveCandidate {
  readonly uid: string;
  readonly name: string;
  readonly labels: Labels;
  /** What its agent says of it, once it has. */
  readonly facts?: SaidFacts | undefined;
}

/** Takes turns among the values of these labels, so that the first few differ as much as they can. */
export function byLabels(clusters: readonly WaveCandidate[], keys: readonly string[]): WaveCandidate[] {
  const groups = Map.groupBy(clusters, ({ labels }) => JSON.stringify(keys.map((key) => labels[key] ?? '')));
  const queues = [...groups].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
  const rounds = Math.max(0, ...queues.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => queues.flatMap((queue) => queue[round] ?? [])).flat();
}

/**
 * Chooses `count` clusters that stand for as much of the fleet as so few can: each next one is the one that brings most of
 * what nobody before it has. Once everything is covered it is covered once more.
 */
export function byFacts(clusters: readonly WaveCandidate[], count: number): WaveCandidate[] {
  const kinds = kindsOf(clusters);
  const chosen: WaveCandidate[] = [];
  const covered = new Set<string>();
  while (chosen.length < Math.min(count, clusters.length)) {
    const best = mostNew(kinds, covered);
    if (newOf(best, covered) === 0 && covered.size > 0) {
      covered.clear();
      continue;
    }
    chosen.push(best.left.shift()!);
    for (const trait of best.traits) covered.add(trait);
  }
  return chosen;
}

/** Clusters that are alike: whichever of them is taken, it stands for the others. A fleet has few kinds, and many of each. */
interface ClusterKind {
  readonly traits: readonly string[];
  readonly left: WaveCandidate[];
}

function kindsOf(clusters: readonly WaveCandidate[]): ClusterKind[] {
  const groups = Map.groupBy(clusters, (cluster) => traitsOf(cluster).join());
  return [...groups.values()].map((left) => ({ traits: traitsOf(left[0]!), left }));
}

/** What is there in the fleet, and in none of those that were chosen. */
export function uncoveredBy(chosen: readonly WaveCandidate[], clusters: readonly WaveCandidate[]): string[] {
  const covered = new Set(chosen.flatMap(traitsOf));
  return [...new Set(clusters.flatMap(traitsOf))].filter((trait) => !covered.has(trait)).toSorted();
}

function mostNew(kinds: readonly ClusterKind[], covered: ReadonlySet<string>): ClusterKind {
  return kinds
    .filter(({ left }) => left.length > 0)
    .reduce((best, each) => (newOf(each, covered) > newOf(best, covered) ? each : best));
}

function newOf({ traits }: ClusterKind, covered: ReadonlySet<string>): number {
  return traits.filter((trait) => !covered.has(trait)).length;
}

/** What a release may stumble over: the minor version of Kubernetes, whose cloud it is, and how large the cluster is. */
function traitsOf({ facts }: WaveCandidate): string[] {
  if (!facts) return ['nothing said yet'];
  const { kubernetesVersion, provider, nodes } = facts;
  const minor = /^v?(\d+\.\d+)/.exec(kubernetesVersion)?.[1] ?? kubernetesVersion;
  return [
    `kubernetes ${minor}`,
    ...(provider === undefined ? [] : [`provider ${provider}`]),
    ...(nodes === undefined ? [] : [`size ${sizeOf(nodes)}`]),
  ];
}

/** Trouble with a cluster's size begins at other orders of magnitude, not at other numbers. */
function sizeOf(nodes: number): string {
  if (nodes <= 3) return 'small';
  return nodes <= 30 ? 'medium' : 'large';
}
