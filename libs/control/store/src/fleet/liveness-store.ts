import {
  intruderForgottenMs,
  intruderText,
  tellSpeakers,
  type HelloHeard,
  type HellosStored,
  type Intruder,
  type Liveness,
} from '@flotilla/control-fleet';
import { isoTime } from '@flotilla/foundation';
import { systemActor, type LedgerAction } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { isOpen } from '../rollouts/open-rollouts.ts';
import { speakerOf } from './believed.ts';

interface HeardRow {
  readonly cluster: string;
  readonly project: string;
  readonly name: string;
  readonly connection: string | null;
  readonly status_digest: string | null;
  readonly kubernetes_uid: string | null;
  readonly instance: string | null;
  readonly lease_transitions: number | null;
  readonly speaking_since: Date | null;
  readonly revoked_at: Date | null;
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
        `SELECT cluster.uid AS cluster, project, name, connection, status_digest, kubernetes_uid, instance,
           liveness.lease_transitions, speaking_since, revoked_at
         FROM cluster LEFT JOIN liveness ON liveness.cluster = uid LEFT JOIN last_report ON last_report.cluster = uid
         WHERE uid = ANY($1)`,
        [hellos.map(({ cluster }) => cluster)],
      );
      const known = new Map(before.map((row) => [row.cluster, row]));
      await writeStrangers(
        transaction,
        hellos.filter(({ cluster }) => !known.has(cluster)),
      );
      const { spoken, intruders } = tellSpeakers(hellos, speakersOf(before));
      const written = await write(transaction, spoken);
      await enterIntruders(transaction, intruders, known);
      const connected = before.filter(({ cluster, connection }) => connection !== 'Connected' && written.has(cluster));
      await tell(transaction, connected, 'cluster.connect', 'is connected');
      await markRollouts(transaction, connected);
      return {
        connected: connected.map(({ cluster }) => cluster),
        astray: spoken
          .filter(({ cluster, statusDigest }) => statusDigest !== (known.get(cluster)!.status_digest ?? ''))
          .map(({ cluster }) => cluster),
        intruders,
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
      await markRollouts(transaction, lost);
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

/** Who may be heard at all: nobody who is revoked. */
function speakersOf(rows: readonly HeardRow[]) {
  return new Map(rows.filter((row) => !row.revoked_at).map((row) => [row.cluster, speakerOf(row)]));
}

/** Keeps the newest intruder of each cluster; the first word of one that was not there before goes into the ledger. */
async function enterIntruders(
  transaction: Transaction,
  intruders: readonly Intruder[],
  known: ReadonlyMap<string, HeardRow>,
): Promise<void> {
  const newest = new Map(intruders.map((intruder) => [intruder.cluster, { ...intruder, at: isoTime(intruder.at) }]));
  if (newest.size === 0) return;
  const entered = await transaction.query<{ cluster: string; news: boolean }>(
    `INSERT INTO intruder AS stored (cluster, code, instance, since, last_seen_at)
     SELECT cluster, code, instance, at, at
     FROM jsonb_to_recordset($1) AS heard (cluster text, code text, instance text, at timestamptz) ORDER BY cluster
     ON CONFLICT (cluster) DO UPDATE SET code = excluded.code, instance = excluded.instance,
       last_seen_at = greatest(stored.last_seen_at, excluded.last_seen_at),
       since = CASE WHEN stored.last_seen_at < excluded.last_seen_at - make_interval(secs => $2)
         THEN excluded.since ELSE stored.since END
     RETURNING cluster, since = last_seen_at AS news`,
    [jsonText([...newest.values()]), intruderForgottenMs / 1_000],
  );
  for (const { cluster, news } of entered) {
    if (!news) continue;
    const { project, name } = known.get(cluster)!;
    const [actor, subject] = [systemActor('status'), `Cluster ${project}/${name}`];
    const message = intruderText(newest.get(cluster)!.code, name);
    transaction.record({ project, actor, action: 'cluster.alarm', subject, message });
    transaction.changed('cluster', project, [cluster]);
  }
}

/** Writes what is news; returns the clusters it wrote. Another replica may have stored the same a moment ago. */
async function write(transaction: Transaction, hellos: readonly HelloHeard[]): Promise<Set<string>> {
  const rows = hellos.map(
    ({ cluster, at, instance, leaseTransitions, protocol, fence, setDigest, facts, userKey }) => ({
      cluster,
      user_key: userKey ?? '',
      at: isoTime(at),
      instance,
      lease_transitions: leaseTransitions,
      protocol,
      epoch: fence.epoch,
      generation: fence.generation,
      set_digest: setDigest,
      facts,
    }),
  );
  const parameters = [jsonText(rows)];
  const written = await transaction.query<{ cluster: string }>(
    `INSERT INTO liveness AS stored (cluster, connection, last_seen_at, instance, lease_transitions, protocol, epoch, generation,
       set_digest, speaking_since, connected_since)
     SELECT cluster, 'Connected', at, instance, lease_transitions, protocol, epoch, generation, set_digest, at, at
     FROM jsonb_to_recordset($1) AS heard (cluster text, at timestamptz, instance text, lease_transitions int,
       protocol int, epoch int, generation int, set_digest text)
     ORDER BY cluster
     ON CONFLICT (cluster) DO UPDATE SET connection = 'Connected', last_seen_at = excluded.last_seen_at,
       instance = excluded.instance, lease_transitions = excluded.lease_transitions, protocol = excluded.protocol,
       epoch = excluded.epoch, generation = excluded.generation, set_digest = excluded.set_digest,
       connected_since = CASE WHEN stored.connection = 'Connected' THEN stored.connected_since ELSE excluded.connected_since END,
       speaking_since = CASE WHEN stored.instance = excluded.instance THEN stored.speaking_since ELSE excluded.speaking_since END
     WHERE excluded.last_seen_at > stored.last_seen_at
       -- What another replica stored since we read: of two with one count, the first is believed.
       AND (stored.instance = excluded.instance OR excluded.lease_transitions > stored.lease_transitions) AND (stored.connection <> 'Connected'
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
  await transaction.query(
    `UPDATE cluster_key SET superseded_at = heard.at
     FROM jsonb_to_recordset($1) AS heard (cluster text, user_key text, at timestamptz)
     WHERE superseded_by = heard.user_key AND cluster_key.cluster = heard.cluster AND superseded_at IS NULL`,
    parameters,
  );
  return new Set(written.map(({ cluster }) => cluster));
}

/** Whoever comes may be admitted now, and whoever goes is not waited for. */
async function markRollouts(transaction: Transaction, clusters: readonly { readonly cluster: string }[]) {
  if (clusters.length === 0) return;
  const rows = await transaction.query<{ rollout: string }>(
    `SELECT DISTINCT rollout FROM rollout_step JOIN rollout ON rollout.uid = rollout_step.rollout
     WHERE cluster = ANY($1) AND ${isOpen}`,
    [clusters.map(({ cluster }) => cluster)],
  );
  transaction.mark(
    'rollout',
    rows.map(({ rollout }) => rollout),
  );
}

async function tell(
  transaction: Transaction,
  clusters: readonly { cluster: string; project: string; name: string }[],
  action: LedgerAction,
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
