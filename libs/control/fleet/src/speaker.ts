import type { HelloHeard, Intruder, IntruderCode } from './liveness.port.ts';

/** Who spoke for a cluster until now, and where the cluster was enrolled. */
export interface KnownSpeaker {
  readonly kubernetesUid?: string | undefined;
  readonly instance?: string | undefined;
  readonly leaseTransitions: number;
  /** When this instance was first heard. */
  readonly since: number;
}

/** How an instance stands to its cluster. `late`: it was taken over from a moment ago, and what it said was under way. */
export type SpeakerVerdict = 'speaks' | 'late' | IntruderCode;

/** What somebody says of himself. */
export type Said = Pick<HelloHeard, 'instance' | 'leaseTransitions' | 'kubernetesUid' | 'at'>;

/** What an instance said before it knew that another had taken over arrives within this. */
const handOverMs = 30_000;

/**
 * Whether somebody speaks for a cluster. The Lease lets one instance speak at a time and counts how often it changed
 * hands: a higher count is a hand-over. The same count from two means two Leases, so two clusters: the one that came
 * first is believed. Whoever was taken over from and still speaks is as much a sign of a second one.
 */
export function judgeSpeaker(known: KnownSpeaker, said: Said): SpeakerVerdict {
  if (known.kubernetesUid && said.kubernetesUid && known.kubernetesUid !== said.kubernetesUid) {
    return 'IdentityElsewhere';
  }
  if (known.instance === undefined || said.leaseTransitions > known.leaseTransitions) return 'speaks';
  if (said.instance === known.instance) return said.leaseTransitions === known.leaseTransitions ? 'speaks' : 'late';
  if (said.leaseTransitions === known.leaseTransitions) return 'IdentityDoubled';
  return said.at - known.since <= handOverMs ? 'late' : 'IdentityDoubled';
}

/** Who of those that were heard speaks for each cluster: the newest word of each, and those who do not. */
export function tellSpeakers(
  hellos: readonly HelloHeard[],
  known: ReadonlyMap<string, KnownSpeaker>,
): { readonly spoken: readonly HelloHeard[]; readonly intruders: readonly Intruder[] } {
  const speakers = new Map(known);
  const spoken = new Map<string, HelloHeard>();
  const intruders: Intruder[] = [];
  for (const hello of hellos) {
    const speaker = speakers.get(hello.cluster);
    if (!speaker) continue;
    const verdict = judgeSpeaker(speaker, hello);
    if (verdict === 'speaks') {
      const { cluster, instance, leaseTransitions, at } = hello;
      const since = speaker.instance === instance ? speaker.since : at;
      speakers.set(cluster, { ...speaker, instance, leaseTransitions, since });
      spoken.set(cluster, hello);
    } else if (verdict !== 'late') {
      intruders.push({ cluster: hello.cluster, instance: hello.instance, code: verdict, at: hello.at });
    }
  }
  return { spoken: [...spoken.values()], intruders };
}

/** An intruder that was not heard for so long is gone. */
export const intruderForgottenMs = 3_600_000;

/** What people are told of an intruder, with the way out. */
export function intruderText(code: IntruderCode, name: string): string {
  const who =
    code === 'IdentityElsewhere'
      ? `an agent in another Kubernetes cluster speaks under the identity of ${name}`
      : `a second agent speaks under the identity of ${name}`;
  return `${who}; it is not believed and may change nothing. Stop it; if it is the one that is meant, or cannot be found, give ${name} a new identity: flotilla cluster join ${name}, or shut both out: flotilla cluster revoke ${name} --reason WHY`;
}
