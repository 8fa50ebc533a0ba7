import type { ClusterView } from '@flotilla/contracts';

/** What a list answered, and what the stream had told when it was asked. */
export interface ClusterReading {
  readonly heardBefore: ReadonlyMap<string, ClusterView>;
  readonly read: ReadonlyMap<string, ClusterView>;
}

/** Of each cluster that exists the newest word: the list's, unless the stream has told something since it was asked. */
export function freshest(
  heard: ReadonlyMap<string, ClusterView>,
  reading: ClusterReading | undefined,
): readonly ClusterView[] {
  return [...heard].map(([uid, cluster]) => {
    const toldSince = reading?.heardBefore.get(uid) !== cluster;
    return (toldSince ? undefined : reading?.read.get(uid)) ?? cluster;
  });
}
