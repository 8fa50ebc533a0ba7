import { Fault, jittered, type Random } from '@flotilla/foundation';
import { isRepairOver, type Reason, type RepairState } from '@flotilla/model';
import type { GitWriters } from '../git-writer.port.ts';
import type { Repositories, StoredRepository } from '../repositories.port.ts';
import { lookAgainMs, openToWrite } from '../written-branch.ts';
import type { GitHosts } from './git-hosts.port.ts';
import { lookedAtAgain } from './repair-faults.ts';
import { placeOf } from './repair-places.ts';
import type { Repair, RepairProgress, Repairs } from './repairs.port.ts';
import { afterRequest, writeRepair } from './write-repair.ts';

/** What the repair of Git stands on. */
export interface RepairPorts {
  readonly repairs: Repairs;
  readonly repositories: Pick<Repositories, 'lookSoon'>;
  readonly writers: GitWriters;
  readonly hosts: GitHosts;
  readonly random: Random;
}

/**
 * Brings a branch back to what was good, after a rollback. It may end anywhere and begin again: what was pushed is known
 * again by its trailer, what was opened by its branch, so nothing is ever done twice. Gives when to look again.
 */
export async function repairGit(ports: RepairPorts, uid: string, signal: AbortSignal): Promise<number | undefined> {
  const found = await ports.repairs.find(uid);
  if (!found || isRepairOver(found.repair.state)) return undefined;
  const { repair } = found;
  try {
    const progress = await lookAtRepair(ports, found, signal);
    await ports.repairs.progress(repair, progress);
    if (progress.state === 'Pushed') await ports.repositories.lookSoon(found.repository.uid);
    return isRepairOver(progress.state) ? undefined : jittered(lookAgainMs, 0.1, ports.random);
  } catch (error) {
    await noteFault(ports.repairs, repair, error);
    throw lookedAtAgain(error);
  }
}

interface Found {
  readonly repair: Repair;
  readonly repository: StoredRepository;
}

async function lookAtRepair(ports: RepairPorts, found: Found, signal: AbortSignal): Promise<RepairProgress> {
  const { repair, repository } = found;
  const host = await ports.hosts.openHost(repository);
  const opened =
    host && repair.state === 'PullRequestOpen' ? await host.findPullRequest(placeOf(repair), signal) : undefined;
  if (opened) return afterRequest(repair, opened);
  const writer = await openToWrite(ports.writers, repair, repository);
  return writeRepair({ ...found, repairs: ports.repairs, writer, host, signal });
}

/** What stands in the way is told where the repair is read; what was found before holds still. */
async function noteFault(repairs: Repairs, repair: Repair, error: unknown): Promise<void> {
  if (!(error instanceof Fault)) return;
  const { revert, url, conflicts } = repair;
  const state: RepairState = repair.state === 'Writing' ? 'Waiting' : repair.state;
  const why: Reason = { code: error.reason, message: error.message };
  await repairs.progress(repair, { state, conflicts, ...(revert && { revert }), ...(url && { url }), error: why });
}
