import {
  deliveryRetention,
  gatewayRetention,
  sourcesRetention,
  statusRetention,
  sweepTable,
  type RetentionRule,
  type Store,
} from '@flotilla/control-store';
import { isoTime, systemClock } from '@flotilla/foundation';

/** What a test plants of a row; columns that it leaves out are empty. */
type Row = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const start = systemClock.now();
export const daysAgo = (days: number) => isoTime(start - days * dayMs);

/** What an installation that keeps thirty days sweeps. */
export const statusRules = statusRetention({ deploymentsMs: 30 * dayMs });
export const gatewayRules = gatewayRetention({ ledgerMs: 30 * dayMs });
export const allRules = [...statusRules, ...deliveryRetention, ...sourcesRetention, ...gatewayRules];

/** Puts rows into their tables, as they are said. */
export async function plant(store: Store, rows: Readonly<Record<string, readonly Row[]>>): Promise<void> {
  for (const [table, lines] of Object.entries(rows)) {
    for (const line of lines) {
      const columns = Object.keys(line).join(', ');
      await store.query(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1)`,
        [JSON.stringify(line)],
      );
    }
  }
}

/** One sweep of each table, one after another. */
export async function sweep(store: Store, rules: readonly RetentionRule[]): Promise<void> {
  for (const rule of rules) await sweepTable(store, rule);
}

/** What a table says under an expression, row by row, in order. */
export async function valuesIn(store: Store, table: string, value: string): Promise<string[]> {
  const rows = await store.query<{ value: string }>(`SELECT (${value})::text AS value FROM ${table} old ORDER BY 1`);
  return rows.map((row) => row.value);
}

export const document = (uid: string, kind: string) => ({
  uid,
  project: 'p',
  kind,
  name: uid,
  spec: {},
  labels: {},
  annotations: {},
  owner: 'o',
  generation: 1,
  created_at: daysAgo(900),
  updated_at: daysAgo(900),
});
export const cluster = (uid: string) => ({ uid, project: 'p', name: uid, labels: {}, created_at: daysAgo(900) });
export const forgotten = (uid: string) => ({ uid, project: 'p', name: uid, at: daysAgo(1), actor: 'a' });
export const target = (uid: string, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  environment: 'dev',
  cluster: 'c',
  intent: 'run',
  release: 'r',
  generation: 1,
  entry: {},
  entry_digest: 'd',
  on_remove: 'keep',
  created_at: daysAgo(900),
  ...over,
});
export const deployment = (of: string, days: number) => ({
  target: of,
  at: daysAgo(days),
  project: 'p',
  application_name: 'app',
  environment: 'dev',
  cluster: 'c',
  release: 'r',
  revision: 'v',
  health: 'Healthy',
});
export const statusRow = (of: string) => ({
  target: of,
  cluster: 'c',
  generation: 1,
  sync: 'Synced',
  health: 'Healthy',
  since: daysAgo(1),
  gone: false,
  reported_at: daysAgo(1),
});
export const release = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  revision: `commit-${uid}`,
  digests: {},
  contents: {},
  created_at: daysAgo(days),
  ...over,
});
export const rollout = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  environment: 'dev',
  release: 'r',
  revision: 'v',
  cause: 'tracking',
  state: 'Finished',
  created_at: daysAgo(days + 1),
  finished_at: daysAgo(days),
  ...over,
});
export const repair = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  rollback: uid,
  repository: 'repo',
  branch: 'main',
  applications: [],
  paths: [],
  good_revision: 'g',
  bad_revision: 'b',
  reason: 'r',
  actor: { kind: 'user', name: 'ann' },
  state: 'Pushed',
  attempts: 1,
  conflicts: [],
  created_at: daysAgo(days),
  updated_at: daysAgo(days),
  ...over,
});
export const revision = (commit: string, seq: number, over: Row = {}) => ({
  repository: 'repo',
  ref: 'main',
  commit,
  project: 'p',
  seq,
  author: 'a',
  subject: 's',
  committed_at: daysAgo(900),
  seen_at: daysAgo(800 - seq),
  ...over,
});
export const tree = (path: string, seq: number, over: Row = {}) => ({
  repository: 'repo',
  ref: 'main',
  path,
  seq,
  tree: 't',
  ...over,
});
export const oldAnswer = (key: string) => ({
  principal: 'a',
  key,
  request_digest: 'd',
  created_at: daysAgo(2),
});
export const apiToken = (hash: string, over: Row = {}) => ({
  hash,
  name: 'ann',
  permissions: ['read'],
  created_at: daysAgo(900),
  created_by: 'user:root',
  ...over,
});
export const line = (days: number) => ({
  at: daysAgo(days),
  project: 'p',
  actor: 'a',
  action: 'x',
  subject: 's',
  message: `${days}`,
});
