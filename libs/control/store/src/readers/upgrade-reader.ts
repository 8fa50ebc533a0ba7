import type { AgentUpgradeReader, AgentUpgradeRecord } from '@flotilla/control-delivery';
import type { AgentUpgradeState, Page, PageRequest, Reason, UpgradeStepState } from '@flotilla/model';
import type { Store } from '../store.ts';
import { pageOfRows, readCursor } from './keyset.ts';

interface UpgradeRow {
  readonly uid: string;
  readonly project: string;
  readonly image: string;
  readonly version: string;
  readonly selector: string | null;
  readonly at_once: number;
  readonly failures_max: number;
  readonly deadline_seconds: number;
  readonly state: AgentUpgradeState;
  readonly reason: Reason | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly cursor_time: string;
  readonly steps: readonly { cluster: string; state: UpgradeStepState; since: string; reason: Reason | null }[];
}

/** Agent upgrades, read from PostgreSQL. */
export class StoredUpgrades implements AgentUpgradeReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async upgrades({ project, page }: { project: string; page: PageRequest }): Promise<Page<AgentUpgradeRecord>> {
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<UpgradeRow>(
      `SELECT upgrade.*, created_at::text AS cursor_time,
         (SELECT jsonb_agg(jsonb_build_object('cluster', cluster_name, 'state', step.state, 'since', step.since,
           'reason', step.reason) ORDER BY cluster_name) FROM upgrade_step step WHERE step.upgrade = uid) AS steps
       FROM agent_upgrade upgrade WHERE project = $1 AND ($2::timestamptz IS NULL OR (created_at, uid) < ($2, $3))
       ORDER BY created_at DESC, uid DESC LIMIT $4`,
      [project, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: upgradeRecord, key: (row) => [row.cursor_time, row.uid] });
  }
}

function upgradeRecord(row: UpgradeRow): AgentUpgradeRecord {
  const { uid, project, image, version, selector, state, reason, steps } = row;
  return {
    uid,
    project,
    image,
    version,
    ...(selector !== null && { selector }),
    atOnce: row.at_once,
    failuresMax: row.failures_max,
    deadlineSeconds: row.deadline_seconds,
    state,
    ...(reason && { reason }),
    createdAt: row.created_at,
    ...(row.finished_at && { finishedAt: row.finished_at }),
    steps: steps.map(({ since, reason: why, ...step }) => ({
      ...step,
      since: new Date(since),
      ...(why && { reason: why }),
    })),
  };
}
