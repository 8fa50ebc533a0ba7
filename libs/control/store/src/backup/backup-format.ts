import { createHash, type Hash } from 'node:crypto';
import { z } from 'zod';
import { Fault } from '@flotilla/foundation';

/**
 * A backup is lines of text: a head, each table with its rows as JSON, and an end that says how many rows there were and
 * what they hash to. Lines that are not rows begin with `#`. Who knows no Flotilla can still read it.
 */
export const backupFormat = 1;

/** Tables that are not kept, and what is not in the database at all, each with the reason: the file says so itself. */
export const notKept: Readonly<Record<string, string>> = {
  liveness: 'clusters are heard anew',
  last_report: 'agents are asked to say everything again',
  listener: 'replicas say themselves that they listen',
  stranger: 'clusters are heard anew',
  'DATABASE_URL, NATS_CREDENTIALS': 'from the environment of each service',
  SEAL_KEY: 'from the environment of sources; without it the credentials in this file cannot be opened',
  ORDER_KEY: 'from the environment of delivery; agents believe no other',
  AGENT_SIGNING_KEY: 'from the environment of status; makes the identities of agents',
  BOOTSTRAP_TOKEN: 'from the environment of gateway',
};

const headSchema = z.object({
  format: z.literal(backupFormat, { error: 'it was written in a format that this version does not know' }),
  takenAt: z.iso.datetime(),
  /** The Flotilla that wrote it, and the migrations that its tables had gone through. */
  version: z.string(),
  migrations: z.array(z.string()).min(1),
  notKept: z.record(z.string(), z.string()),
});
export type BackupHead = z.infer<typeof headSchema>;

const tableSumSchema = z.object({ name: z.string(), rows: z.int().min(0), sha256: z.string() });
export type TableSum = z.infer<typeof tableSumSchema>;

const endSchema = z.object({ tables: z.array(tableSumSchema), sha256: z.string() });

/** What a whole, sound backup holds. */
export interface BackupContent extends BackupHead {
  readonly tables: readonly TableSum[];
}

/** Rows of one table, in the order of the file. */
export interface TableRow {
  readonly table: string;
  /** JSON, as PostgreSQL wrote it: numbers that are too large for us are never parsed here. */
  readonly row: string;
}

const marks = { head: '#flotilla-backup ', table: '#table ', end: '#end ' } as const;

/** Writes the lines of a backup, and adds up what its end has to say. */
export class BackupWriter {
  readonly #whole = createHash('sha256');
  readonly #tables: TableSum[] = [];
  #rows = 0;
  #hash: Hash | undefined;
  #name = '';

  head(head: Omit<BackupHead, 'format' | 'notKept'>): string {
    return this.#line(`${marks.head}${JSON.stringify({ format: backupFormat, ...head, notKept })}`);
  }

  table(name: string): string {
    this.#close();
    this.#name = name;
    this.#hash = createHash('sha256');
    return this.#line(`${marks.table}${name}`);
  }

  row(json: string): string {
    this.#rows++;
    this.#hash!.update(json).update('\n');
    return this.#line(json);
  }

  end(): string {
    this.#close();
    return `${marks.end}${JSON.stringify({ tables: this.#tables, sha256: this.#whole.digest('hex') })}\n`;
  }

  #close(): void {
    if (this.#hash) this.#tables.push({ name: this.#name, rows: this.#rows, sha256: this.#hash.digest('hex') });
    this.#rows = 0;
    this.#hash = undefined;
  }

  #line(text: string): string {
    this.#whole.update(text).update('\n');
    return `${text}\n`;
  }
}

/**
 * Reads the lines of a backup: each row as it comes, and at the end what the whole held. The end is compared with what
 * was read, so whoever hears of rows must not keep them before it returns.
 */
export async function* readBackup(lines: AsyncIterable<string>): AsyncGenerator<TableRow, BackupContent> {
  const again = new BackupWriter();
  let head: BackupHead | undefined;
  let table: string | undefined;
  for await (const line of lines) {
    if (!head) {
      head = readHead(line);
      again.head(head);
    } else if (line.startsWith(marks.table)) {
      table = line.slice(marks.table.length);
      again.table(table);
    } else if (line.startsWith(marks.end)) {
      return { ...head, tables: checkedEnd(line, again.end()) };
    } else if (table !== undefined && line.startsWith('{')) {
      again.row(line);
      yield { table, row: line };
    } else {
      throw broken('it holds a line that no backup has');
    }
  }
  throw head ? broken('its end is missing') : notABackup('it is empty');
}

/** Reads a backup to its end and returns what it holds; a fault when anything is not as it was written. */
export async function checkBackup(lines: AsyncIterable<string>): Promise<BackupContent> {
  const reading = readBackup(lines);
  for (;;) {
    const read = await reading.next();
    if (read.done) return read.value;
  }
}

function readHead(line: string): BackupHead {
  if (!line.startsWith(marks.head)) throw notABackup('it does not begin as a backup does');
  const head = headSchema.safeParse(jsonOf(line.slice(marks.head.length)));
  if (head.success) return head.data;
  throw notABackup(head.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; '));
}

function checkedEnd(said: string, found: string): readonly TableSum[] {
  const [expected, actual] = [said, found.trimEnd()].map((text) =>
    endSchema.safeParse(jsonOf(text.slice(marks.end.length))),
  );
  if (!expected?.success || !actual?.success) throw broken('its end cannot be read');
  if (said === found.trimEnd()) return actual.data.tables;
  const other = actual.data.tables.find(
    (table, index) => JSON.stringify(table) !== JSON.stringify(expected.data.tables[index]),
  );
  throw broken(other ? `table ${other.name} is not what was written` : 'its lines are not what was written');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file was a backup once. */
export function broken(what: string): Fault {
  const message = `this backup is damaged: ${what}; nothing was changed, use another one`;
  return new Fault({ code: 'invalid', reason: 'BackupBroken', message });
}

/** The file is something else. */
export function notABackup(what: string): Fault {
  const message = `this file is no backup of Flotilla: ${what}; nothing was changed`;
  return new Fault({ code: 'invalid', reason: 'NotABackup', message });
}
