import type { HelloHeard, HellosStored, Liveness } from '@flotilla/control-fleet';
import { isoTime } from '@flotilla/foundation';
import { systemActor } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

interface HeardRow {
  readonly cluster: string;
  readonly project: string;
  readonly name: string;
  readonly connection: string | null;
  readonly status_digest: string | null;
}

/** Liveness in PostgreSQL. */
export class LivenessStore implements Liveness {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  heard(hellos: readonly HelloHeard[]): Promise<HellosStored> {
    return this.#store.transact(async (transaction) => {
      const before = await transaction.query<HeardRow>(
        `SELECT cluster.uid AS cluster, project, name, connection, status_digest
         FROM cluster LEFT JOIN liveness ON liveness.cluster = uid LEFT JOIN last_report ON last_report.cluster = uid
         WHERE uid = ANY($1)`,
        [hellos.map(({ cluster }) => cluster)],
      );
      const known = new Map(before.map((row) => [row.cluster, row]));
      const accepted = hellos.filter(({ cluster }) => known.has(cluster));
      await writeStrangers(
        transaction,
        hellos.filter(({ cluster }) => !known.has(cluster)),
      );
      const written = await write(transaction, accepted);
      const connected = before.filter(({ cluster, connection }) => connection !== 'Connected' && written.has(cluster));
      await tell(transaction, connected, 'cluster.connect', 'is connected');
      return {
        connected: connected.map(({ cluster }) => cluster),
        astray: accepted
          .filter(({ cluster, statusDigest }) => statusDigest !== (known.get(cluster)!.status_digest ?? ''))
          .map(({ cluster }) => cluster),
      };
    });
  }

  lose(silentSince: number): Promise<readonly string[]> {
    return this.#store.transact(async (transaction) => {
      const lost = await transaction.query<{ cluster: string; project: string; name: string }>(
        // A row that is being written right now is that of a cluster that is being heard.
        `UPDATE liveness SET connection = 'Lost' FROM cluster
         WHERE cluster.uid = liveness.cluster AND liveness.cluster IN (
           SELECT cluster FROM liveness WHERE connection = 'Connected' AND last_seen_at < $1
           ORDER BY cluster FOR UPDATE SKIP LOCKED)
         RETURNING cluster.uid AS cluster, project, name`,
        [isoTime(silentSince)],
      );
      await tell(transaction, lost, 'cluster.lose', 'is no longer heard');
      return lost.map(({ cluster }) => cluster);
    });
  }

  async listening(listener: string, now: number): Promise<void> {
    await this.#store.query(
      `INSERT INTO listener (listener, at) VALUES ($1, $2) ON CONFLICT (listener) DO UPDATE SET at = excluded.at`,
      [listener, isoTime(now)],
    );
    await this.#store.query(`DELETE FROM listener WHERE at < now() - interval '1 day'`);
  }
}

/** Writes what is news; returns the clusters it wrote. Another replica may have stored the same a moment ago. */
async function write(transaction: Transaction, hellos: readonly HelloHeard[]): Promise<Set<string>> {
  const rows = hellos.map(({ cluster, at, instance, leaseTransitions, protocol, fence, setDigest, facts }) => ({
    cluster,
    at: isoTime(at),
    instance,
    lease_transitions: leaseTransitions,
    protocol,
    epoch: fence.epoch,
    generation: fence.generation,
    set_digest: setDigest,
    facts,
  }));
  const parameters = [jsonText(rows)];
  const written = await transaction.query<{ cluster: string }>(
    `INSERT INTO liveness AS stored (cluster, connection, last_seen_at, instance, lease_transitions, protocol, epoch, generation, set_digest)
     SELECT cluster, 'Connected', at, instance, lease_transitions, protocol, epoch, generation, set_digest
     FROM jsonb_to_recordset($1) AS heard (cluster text, at timestamptz, instance text, lease_transitions int,
       protocol int, epoch int, generation int, set_digest text)
     ORDER BY cluster
     ON CONFLICT (cluster) DO UPDATE SET connection = 'Connected', last_seen_at = excluded.last_seen_at,
       instance = excluded.instance, lease_transitions = excluded.lease_transitions, protocol = excluded.protocol,
       epoch = excluded.epoch, generation = excluded.generation, set_digest = excluded.set_digest
     WHERE excluded.last_seen_at > stored.last_seen_at AND (stored.connection <> 'Connected'
       OR excluded.last_seen_at >= stored.last_seen_at + interval '2 seconds'
       OR (stored.instance, stored.lease_transitions, stored.protocol, stored.epoch, stored.generation, stored.set_digest)
         IS DISTINCT FROM (excluded.instance, excluded.lease_transitions, excluded.protocol, excluded.epoch,
           excluded.generation, excluded.set_digest))
     RETURNING cluster`,
    parameters,
  );
  await transaction.query(
    `UPDATE cluster SET facts = heard.facts FROM jsonb_to_recordset($1) AS heard (cluster text, facts jsonb)
     WHERE uid = heard.cluster AND cluster.facts IS DISTINCT FROM heard.facts`,
    parameters,
  );
  return new Set(written.map(({ cluster }) => cluster));
}

async function tell(
  transaction: Transaction,
  clusters: readonly { cluster: string; project: string; name: string }[],
  action: string,
  what: string,
): Promise<void> {
  for (const { cluster, project, name } of clusters) {
    const subject = `Cluster ${project}/${name}`;
    transaction.record({ project, actor: systemActor('status'), action, subject, message: `${name} ${what}` });
    transaction.changed('cluster', project, [cluster]);
  }
}

/**
 * Whoever has a valid identity and is on no record is told nothing, and remembered, so that a person can see who that is.
 * A cluster that was forgotten and comes back is told of once.
 */
async function writeStrangers(transaction: Transaction, hellos: readonly HelloHeard[]): Promise<void> {
  if (hellos.length === 0) return;
  const rows = hellos.map(({ cluster, at, fence }) => ({ cluster, at: isoTime(at), ...fence }));
  const came = await transaction.query<{ project: string; name: string; actor: string; at: Date }>(
    `WITH written AS (
       INSERT INTO stranger AS known (cluster, epoch, generation, first_heard_at, last_heard_at)
       SELECT cluster, epoch, generation, at, at FROM jsonb_to_recordset($1)
         AS heard (cluster text, at timestamptz, epoch int, generation int) ORDER BY cluster
       ON CONFLICT (cluster) DO UPDATE SET epoch = excluded.epoch, generation = excluded.generation,
         last_heard_at = excluded.last_heard_at WHERE excluded.last_heard_at > known.last_heard_at
       RETURNING cluster, first_heard_at = last_heard_at AS is_new)
     SELECT project, name, actor, at FROM written JOIN forgotten_cluster ON uid = written.cluster AND is_new`,
    [jsonText(rows)],
  );
  for (const { project, name, actor, at } of came) {
    const message = `${name} is heard again, and told nothing: ${actor} had it forgotten at ${isoTime(at.getTime())}; flotilla cluster join ${name} brings it back`;
    const by = systemActor('status');
    transaction.record({
      project,
      actor: by,
      action: 'cluster.refuse',
      subject: `Cluster ${project}/${name}`,
      message,
    });
  }
}
