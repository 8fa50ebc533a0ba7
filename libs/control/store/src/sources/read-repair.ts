import type { Repair } from '@flotilla/control-sources';

/** A row under the record's own names, with nulls where a field is absent. */
export type RepairReading = { readonly [Field in keyof Repair]: Repair[Field] | null } & { readonly uid: string };

/** What is read of a repair, where its repository's `document` is joined. */
export const repairColumns = `repair.uid, repair.project, rollback, document.name AS repository, branch, applications, paths,
  good_revision AS "goodRevision", bad_revision AS "badRevision", reason, actor, state, attempts, revert, url, conflicts,
  error, repair.created_at AS "createdAt"`;

/** Absent fields are absent, not null, outside the database. */
export function repairOf(row: RepairReading): Repair {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Repair;
}
