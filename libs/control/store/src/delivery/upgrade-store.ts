import {
  chooseClusters,
  upgradeMissing,
  upgradeOpen,
  type AgentUpgrades,
  type OrderGiver,
  type UpgradeFacts,
  type UpgradeHeard,
  type UpgradePlan,
} from '@flotilla/control-delivery';
import type { Labels, UpgradeOrder, UpgradeRequest } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import { AgentUpgradeRow } from '../rows/agent-upgrade.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { readUpgradeFacts } from './read-upgrade-facts.ts';
import { upgradeSubject, writeUpgradePlan } from './write-upgrade-plan.ts';

/** Agent upgrades in PostgreSQL. */
export class UpgradeStore implements AgentUpgrades {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  open(project: string, request: UpgradeRequest, by: OrderGiver): Promise<string> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, () => this.#open(transaction, { project, request, by })),
    );
  }

  steer(project: string, order: UpgradeOrder, by: OrderGiver): Promise<string> {
    return this.#store.transact((transaction) =>
      carryOutOnce(transaction, by.request, () => steerUpgrade(transaction, { project, order, by })),
    );
  }

  heard(heard: readonly UpgradeHeard[]): Promise<void> {
    return this.#store.transact(async (transaction) => {
      const rows = heard.map(({ cluster, version, progress }) => ({
        cluster,
        ...progress,
        said: { ...progress, version },
      }));
      const news = await transaction.query<{ upgrade: string }>(
        `UPDATE upgrade_step SET said = heard.said
         FROM jsonb_to_recordset($1) AS heard (cluster text, upgrade text, said jsonb)
         WHERE upgrade_step.cluster = heard.cluster AND upgrade_step.upgrade = heard.upgrade
           AND upgrade_step.state = 'Upgrading' AND upgrade_step.said IS DISTINCT FROM heard.said
         RETURNING upgrade_step.upgrade`,
        [jsonText(rows)],
      );
      transaction.mark('upgrade', new Set(news.map(({ upgrade }) => upgrade)));
    });
  }

  look(uid: string, plan: (facts: UpgradeFacts) => UpgradePlan): Promise<UpgradePlan | undefined> {
    return this.#store.transact(async (transaction) => {
      // Whoever looks at it at the same moment waits, and then reads what was written here.
      const [upgrade] = await transaction.manager.find(AgentUpgradeRow, {
        where: { uid },
        lock: { mode: 'pessimistic_write' },
      });
      if (!upgrade || upgrade.finishedAt) return undefined;
      const planned = plan(await readUpgradeFacts(transaction, upgrade, this.#store.now()));
      await writeUpgradePlan(transaction, upgrade, planned);
      return planned;
    });
  }

  async #open(transaction: Transaction, { project, request, by }: Opening): Promise<string> {
    // Of two who open one at the same moment, the second sees what the first did.
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('upgrade/' || $1, 0))`, [project]);
    if (await openUpgrade(transaction, project)) throw upgradeOpen();
    const clusters = await matchingClusters(transaction, project, request.selector);
    const uid = this.#store.ids.next();
    await writeUpgrade(transaction, { uid, project, request, clusters });
    const message = `agent ${request.version} for ${clusters.length} clusters, ${request.atOnce} at once, ${request.failuresMax} may fail`;
    transaction.record({ project, actor: by, action: 'upgrade.open', subject: upgradeSubject(project, uid), message });
    transaction.mark('upgrade', [uid]);
    return uid;
  }
}

interface Opening {
  readonly project: string;
  readonly request: UpgradeRequest;
  readonly by: OrderGiver;
}

interface Steering {
  readonly project: string;
  readonly order: UpgradeOrder;
  readonly by: OrderGiver;
}

async function steerUpgrade(transaction: Transaction, { project, order, by }: Steering): Promise<string> {
  const upgrade = await openUpgrade(transaction, project);
  if (!upgrade) throw upgradeMissing(project);
  const { uid } = upgrade;
  await transaction.query(steering[order], [uid]);
  const subject = upgradeSubject(project, uid);
  transaction.record({ project, actor: by, action: `upgrade.${order}`, subject, message: said[order] });
  transaction.mark('upgrade', [uid]);
  return uid;
}

async function openUpgrade(transaction: Transaction, project: string): Promise<AgentUpgradeRow | undefined> {
  const rows = await transaction.query<AgentUpgradeRow>(
    `SELECT uid FROM agent_upgrade WHERE project = $1 AND state IN ('Running', 'Paused', 'Halted') FOR UPDATE`,
    [project],
  );
  return rows[0];
}

interface MatchingCluster {
  readonly uid: string;
  readonly name: string;
  readonly labels: Labels;
}

/** Frozen at the start: a cluster that joins later is not drawn in. */
async function matchingClusters(
  transaction: Transaction,
  project: string,
  selector: string | undefined,
): Promise<readonly MatchingCluster[]> {
  const clusters = await transaction.query<MatchingCluster>(
    `SELECT uid, name, labels FROM cluster WHERE project = $1 ORDER BY name`,
    [project],
  );
  return chooseClusters(clusters, selector);
}

interface UpgradeToWrite {
  readonly uid: string;
  readonly project: string;
  readonly request: UpgradeRequest;
  readonly clusters: readonly MatchingCluster[];
}

async function writeUpgrade(transaction: Transaction, { uid, project, request, clusters }: UpgradeToWrite) {
  const { image, version, selector, atOnce, failuresMax, deadlineSeconds } = request;
  await transaction.query(
    `INSERT INTO agent_upgrade (uid, project, image, version, selector, at_once, failures_max, forgiven,
       deadline_seconds, state, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, 'Running', clock_timestamp())`,
    [uid, project, image, version, selector ?? null, atOnce, failuresMax, deadlineSeconds],
  );
  await transaction.query(
    `INSERT INTO upgrade_step (upgrade, cluster, cluster_name, state, since, was_well)
     SELECT $1, cluster, name, 'Waiting', clock_timestamp(), '{}'
     FROM unnest($2::text[], $3::text[]) AS chosen (cluster, name)`,
    [uid, clusters.map((cluster) => cluster.uid), clusters.map(({ name }) => name)],
  );
}

/** Who resumes has seen what failed so far. */
const steering: Readonly<Record<UpgradeOrder, string>> = {
  pause: `UPDATE agent_upgrade SET state = 'Paused' WHERE uid = $1`,
  resume: `UPDATE agent_upgrade SET state = 'Running', reason = NULL,
    forgiven = (SELECT count(*) FROM upgrade_step WHERE upgrade = uid AND upgrade_step.state = 'Failed') WHERE uid = $1`,
  abort: `UPDATE agent_upgrade SET state = 'Aborted' WHERE uid = $1`,
};

const said: Readonly<Record<UpgradeOrder, string>> = {
  pause: 'paused: what has begun goes on, nothing new begins',
  resume: 'resumed',
  abort: 'aborted: what has not begun stays as it is',
};
