import { judgeSpeaker } from '@flotilla/control-fleet';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** What somebody says of himself, with the cluster that the server-checked subject named. */
export interface Speaking {
  readonly cluster: string;
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly kubernetesUid?: string | undefined;
}

interface SpeakerRow {
  readonly cluster: string;
  readonly kubernetes_uid: string | null;
  readonly instance: string | null;
  readonly lease_transitions: number | null;
  readonly speaking_since: Date | null;
}

/**
 * What those said who speak for their clusters. What a revoked cluster says, and what a second holder of an identity says,
 * changes nothing.
 */
export async function believed<Said extends Speaking>(
  reader: Pick<Store | Transaction, 'query'>,
  said: readonly Said[],
  now: number,
): Promise<Said[]> {
  const rows = await reader.query<SpeakerRow>(
    `SELECT uid AS cluster, kubernetes_uid, instance, lease_transitions, speaking_since
     FROM cluster LEFT JOIN liveness ON liveness.cluster = uid WHERE uid = ANY($1) AND revoked_at IS NULL`,
    [said.map(({ cluster }) => cluster)],
  );
  const known = new Map(rows.map((row) => [row.cluster, speakerOf(row)]));
  return said.filter((each) => {
    const speaker = known.get(each.cluster);
    return speaker !== undefined && judgeSpeaker(speaker, { ...each, at: now }) === 'speaks';
  });
}

/** Who spoke last for a cluster, as the record has it. */
export function speakerOf(row: Omit<SpeakerRow, 'cluster'>) {
  return {
    kubernetesUid: row.kubernetes_uid ?? undefined,
    instance: row.instance ?? undefined,
    leaseTransitions: row.lease_transitions ?? 0,
    since: row.speaking_since?.getTime() ?? 0,
  };
}
