const argoWins = 'Argo CD and kstatus differ on a built-in kind, and Argo CD wins:';
const deleted =
  "what is being deleted is Progressing, in Argo CD as well; this case goes to a kind's script past that rule";

/** Cases on which we mean to differ from the peer, by id, with the reason. */
export const differs: Readonly<Record<string, string>> = {
  'kstatus/JobStatus/jobInProgress': `${argoWins} a Job that runs is Progressing`,
  'kstatus/PodStatus/podCompletedFailed': `${argoWins} a Pod that failed is Degraded`,
  'kstatus/PodStatus/podUnschedulable': `${argoWins} a Pod that fits nowhere yet is Progressing`,
  'kstatus/ReplicasetStatus/rsReplicaFailure': `${argoWins} a ReplicaSet that may not make pods is Degraded`,
  'kstatus/ServiceStatus/serviceLBok': `${argoWins} a LoadBalancer without an address is Progressing`,
  'argocd-health/astra.netapp.io/ResticVolumeBackup/degraded': deleted,
  'argocd-health/kafka.strimzi.io/KafkaBridge/degraded': deleted,
  'argocd-health/kafka.strimzi.io/KafkaBridge/healthy': deleted,
  'argocd-health/kafka.strimzi.io/KafkaConnect/degraded': deleted,
  'argocd-health/kafka.strimzi.io/KafkaConnect/healthy': deleted,
  'flux-ssa-diff/Unstructured/Deployment-with-missing-label-and-annotation':
    'what we own and Git no longer has is taken away by an apply, labels and annotations as well, so it is shown',
};
