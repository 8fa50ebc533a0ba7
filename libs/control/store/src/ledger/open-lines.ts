import type { OpenLine } from '@flotilla/model';

/** A moment to the microsecond, in one form whatever the session's settings are: it is hashed. */
const exactTime = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The columns of a line as they are hashed. */
export const lineColumns = `id, ${exactTime} AS at, project, actor, action, subject, message, traceparent`;

/** A line as PostgreSQL gives it. */
export type LineRow = Omit<OpenLine, 'traceparent'> & { readonly traceparent: string | null };

export function openLine({ id, at, project, actor, action, subject, message, traceparent }: LineRow): OpenLine {
  return { id, at, project, actor, action, subject, message, ...(traceparent !== null && { traceparent }) };
}
