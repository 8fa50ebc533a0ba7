import type { RepairView } from '@flotilla/contracts';
import type { Repair } from '@flotilla/control-sources';
import { actorText } from '@flotilla/model';
import { wireTime } from './metadata.ts';

export function repairView(repair: Repair): RepairView {
  const { uid, project, repository, branch, goodRevision, error, createdAt } = repair;
  const { rollback, badRevision, reason, actor, state, attempts, revert, url } = repair;
  return {
    kind: 'Repair',
    metadata: { uid, name: `${repository}-${uid}`, project, createdAt: wireTime(createdAt) },
    spec: {
      rollback,
      repository,
      branch,
      goodRevision,
      badRevision,
      reason,
      applications: [...repair.applications],
      paths: [...repair.paths],
      actor: actorText(actor),
    },
    status: {
      state,
      attempts,
      conflicts: [...repair.conflicts],
      ...(revert && { revert }),
      ...(url && { url }),
      ...(error && { reason: error }),
    },
  };
}
