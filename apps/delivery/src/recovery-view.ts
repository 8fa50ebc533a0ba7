import type { RecoveryPlanView } from '@flotilla/contracts';
import type { ClusterRecovery, PlannedCluster, RecoveryPlan, Stranger } from '@flotilla/control-delivery';
import { isoTime } from '@flotilla/foundation';

/** The plan as it crosses the wire: times as text. */
export function recoveryPlanView({ restored, ahead, strangers, epoch, clusters }: RecoveryPlan): RecoveryPlanView {
  return {
    epoch,
    clusters,
    ...(restored && { restored: { at: timeOf(restored.at), takenAt: timeOf(restored.takenAt) } }),
    ahead: ahead.map(clusterView),
    strangers: strangers.map(strangerView),
  };
}

function clusterView({ recovery, ...cluster }: PlannedCluster): RecoveryPlanView['ahead'][number] {
  return { ...cluster, ...(recovery && { recovery: changesView(recovery) }) };
}

function changesView({ added, changed, unchanged, unlisted, lostOrders, lostFreezes }: ClusterRecovery) {
  return {
    added: [...added],
    changed: [...changed],
    unchanged,
    unlisted: [...unlisted],
    lostOrders: [...lostOrders],
    lostFreezes: [...lostFreezes],
  };
}

function strangerView({ uid, lastHeardAt, forgotten }: Stranger): RecoveryPlanView['strangers'][number] {
  return {
    uid,
    lastHeardAt: timeOf(lastHeardAt),
    ...(forgotten && { forgotten: { ...forgotten, at: timeOf(forgotten.at) } }),
  };
}

function timeOf(date: Date): string {
  return isoTime(date.getTime());
}
