import { tellsOf, type NotifierDocument, type TellableLine } from '@flotilla/model';
import { jsonText } from '../json-text.ts';

/** A line as the ledger writes it. */
interface Line extends TellableLine {
  readonly project: string;
  readonly actor: string;
  readonly message: string;
}

interface Queries {
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
}

/** Writes down who is to hear of which lines, and returns the notifiers that have something to tell now. */
export async function writeNotices(queries: Queries, lines: readonly Line[]): Promise<string[]> {
  if (lines.length === 0) return [];
  const notifiers = await queries.query<{ uid: string; project: string; spec: NotifierDocument['spec'] }>(
    `SELECT uid, project, spec FROM document WHERE kind = 'Notifier' AND project = ANY($1)`,
    [[...new Set(lines.map(({ project }) => project))]],
  );
  const notices = notifiers.flatMap(({ uid, project, spec }) =>
    lines.filter((line) => line.project === project && tellsOf(spec, line)).map((line) => ({ notifier: uid, ...line })),
  );
  if (notices.length === 0) return [];
  await queries.query(
    `INSERT INTO notice (notifier, at, actor, action, subject, message)
     SELECT notifier, now(), actor, action, subject, message FROM jsonb_to_recordset($1)
       AS line (notifier text, actor text, action text, subject text, message text)`,
    [jsonText(notices)],
  );
  return [...new Set(notices.map(({ notifier }) => notifier))];
}
