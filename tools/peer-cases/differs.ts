const argoWins = 'Argo CD and kstatus differ on a built-in kind, and Argo CD wins:';
const deleted =
  "what is being deleted is Progressing, in Argo CD as well; this case goes to a kind's script past that rule";

const ownWord = 'the controller itself says';
const fleetOfCommits = `${ownWord} Ready; how far a commit has come through its environments is its work and not its health`;

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
  'argocd-health/apps.kruise.io/CloneSet/healthy': `${ownWord} FailedScale=True`,
  'argocd-health/apps.kruise.io/DaemonSet/no-update-strategy-partition':
    'where no node is to run it nothing is missing, as Argo CD itself says of the built-in DaemonSet',
  'argocd-health/apps.openshift.io/DeploymentConfig/healthy_zero_replicas': `${ownWord} Available=False, and three replicas are wanted`,
  'argocd-health/game.kruise.io/GameServer/unknown':
    'what its controller has not looked at yet is on its way, for every kind of a controller that always reports',
  'argocd-health/kafka.banzaicloud.io/KafkaCluster/degraded':
    'a broker that has not taken up its configuration yet is how every change of it begins; the cluster says that it runs',
  'argocd-health/opentelemetry.io/OpenTelemetryCollector/degraded':
    'no replica of two being ready is how every rollout begins, and no failure',
  'argocd-health/promoter.argoproj.io/PromotionStrategy/different-proposed-commits': fleetOfCommits,
  'argocd-health/promoter.argoproj.io/PromotionStrategy/progressing-failed-pending':
    'a check that failed holds the promotion whatever else is pending: a person should hear of it now',
  'argocd-health/promoter.argoproj.io/PromotionStrategy/proposed-note-dry-sha-preferred': fleetOfCommits,
  'flux-ssa-diff/Unstructured/Deployment-with-missing-label-and-annotation':
    'what we own and Git no longer has is taken away by an apply, labels and annotations as well, so it is shown',
};
