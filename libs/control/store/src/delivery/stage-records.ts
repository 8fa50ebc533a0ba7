import type { ApplicationFacts, DeliveryPlan, RecordPlace, GitRecord } from '@flotilla/control-delivery';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';
import { byApplication, type OfApplication } from './by-application.ts';

/** What was last to be written down in Git of the stages of these applications, by application. */
export async function readRecords(
  transaction: Transaction,
  applications: readonly string[],
): Promise<ReadonlyMap<string, readonly GitRecord[]>> {
  const rows = await transaction.query<RecordReading>(
    `SELECT application, uid, environment, digest, repository, branch, path, state, reason, commit, since,
       next_try AS "nextTry" FROM stage_record WHERE application = ANY($1) ORDER BY environment`,
    [applications],
  );
  return byApplication(rows, recordOf);
}

interface RecordReading
  extends Pick<GitRecord, 'uid' | 'environment' | 'digest' | 'state' | 'since'>, RecordPlace, OfApplication {
  readonly reason: string | null;
  readonly commit: string | null;
  readonly nextTry: Date | null;
}

function recordOf({ uid, environment, digest, state, since, ...row }: Omit<RecordReading, 'application'>): GitRecord {
  const { repository, branch, path, reason, commit, nextTry } = row;
  return {
    uid,
    environment,
    digest,
    state,
    since,
    place: { repository, branch, path },
    ...(reason !== null && { reason }),
    ...(commit !== null && { commit }),
    ...(nextTry && { nextTry }),
  };
}

/**
 * Has written down what a plan wants in Git: by another service, afterwards. What was asked for before counts no more: its
 * name goes with it, and whoever still writes it finds that out by that.
 */
export async function writeRecords(
  transaction: Transaction,
  { uid: application, project, name }: ApplicationFacts,
  { records, withdrawnRecords }: NonNullable<DeliveryPlan['promotion']>,
): Promise<void> {
  const asked = records.map(({ environment }) => environment);
  if (withdrawnRecords.length > 0) {
    await transaction.query('DELETE FROM stage_record WHERE uid = ANY($1) AND environment <> ALL($2)', [
      withdrawnRecords,
      asked,
    ]);
  }
  if (records.length === 0) return;
  const rows = records.map(({ place, ...record }) => ({ ...record, ...place }));
  const saved = await transaction.query<{ uid: string }>(
    `INSERT INTO stage_record (uid, project, application, application_name, environment, release, revision, digest,
       repository, branch, path, cause, promoted_by, state, since, asked_at)
     SELECT uid, $2, $3, $4, environment, release, revision, digest, repository, branch, path, cause, by, 'Writing',
       now(), now()
     FROM jsonb_to_recordset($1) AS row (uid text, environment text, release text, revision text, digest text,
       repository text, branch text, path text, cause text, by text)
     ON CONFLICT (application, environment) DO UPDATE SET uid = excluded.uid, release = excluded.release,
       revision = excluded.revision, digest = excluded.digest, repository = excluded.repository, branch = excluded.branch, path = excluded.path,
       cause = excluded.cause, promoted_by = excluded.promoted_by, state = excluded.state, reason = NULL, commit = NULL, since = excluded.since,
       asked_at = excluded.asked_at, tries = 0, failures = 0, next_try = NULL
     RETURNING uid`,
    [jsonText(rows), project, application, name],
  );
  transaction.mark(
    'record',
    saved.map(({ uid }) => uid),
  );
}
