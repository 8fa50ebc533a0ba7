import type { HealthStatus } from '@flotilla/model';

/** What the kinds of one family say in a way of their own, beside what controllers commonly write. */
export interface Family {
  /** Matches `group/Kind`. */
  readonly kinds: RegExp;
  /**
   * Conditions as `Type=Status` or `Type=Status(Reason)`; a type may begin with `*`. The first line that holds decides.
   */
  readonly conditions?: Readonly<Record<string, HealthStatus>>;
  /**
   * Words at a path; a `*` in it is every entry, and a step with dots in it stands in brackets. `+` stands for any number above zero, `{}`
   * and `[]` for what is empty, `*` for anything else. Of
   * several entries the heaviest word decides.
   */
  readonly words?: Readonly<Record<string, Readonly<Record<string, HealthStatus>>>>;
  /**
   * Paths of how many are there, and of how many shall be: numbers are added up, entries counted. Fewer are Progressing, and
   * enough say nothing.
   */
  readonly counts?: Readonly<Record<string, string>>;
  /** The condition, or the path, without which nothing is known of the whole yet. */
  readonly needs?: string;
  /** What it means when none of all the rules understands a word. */
  readonly silent?: HealthStatus;
}

const partition = { '+': 'Suspended' } as const;
const glooStates = {
  0: 'Suspended',
  1: 'Healthy',
  2: 'Degraded',
  3: 'Degraded',
  Pending: 'Suspended',
  Accepted: 'Healthy',
  Rejected: 'Degraded',
  Warning: 'Degraded',
} as const;

const promoterConditions = {
  'Ready=False(CommitStatusesNotReady)': 'Degraded',
  'Ready=False(ChangeTransferPolicyNotReady)': 'Degraded',
} as const;

/** A family is one line; its conditions are read before its words, and both before the general rules. */
export const families: readonly Family[] = [
  { kinds: /^capabilities\.3scale\.net\//, conditions: { 'Waiting=True': 'Suspended' } },
  { kinds: /^apps\.openshift\.io\/DeploymentConfig$/, conditions: { 'Available=False': 'Degraded' } },
  {
    kinds: /^operator\.openshift\.io\/IngressController$/,
    conditions: { 'Degraded=True': 'Degraded', 'DeploymentReplicasAllAvailable=False': 'Progressing' },
  },
  {
    kinds: /^operators\.coreos\.com\/Subscription$/,
    conditions: {
      'InstallPlanFailed=True': 'Degraded',
      'CatalogSourcesUnhealthy=True': 'Degraded',
      'ResolutionFailed=True': 'Degraded',
    },
    words: { 'status.state': { AtLatestKnown: 'Healthy' } },
    needs: 'status.state',
  },
  {
    kinds: /^apps\.kruise\.io\/DaemonSet$/,
    words: {
      'spec.updateStrategy.rollingUpdate.partition': partition,
      'status.numberUnavailable': { '+': 'Degraded' },
    },
  },
  {
    kinds: /^(apps|game)\.kruise\.io\/(CloneSet|StatefulSet|GameServerSet)$/,
    words: { 'spec.updateStrategy.partition': partition, 'spec.updateStrategy.rollingUpdate.partition': partition },
  },
  {
    kinds: /^apps\.kruise\.io\/AdvancedCronJob$/,
    words: {
      'status.active': { '[]': 'Healthy', '*': 'Progressing' },
      'status.lastScheduleTime': { null: 'Degraded', '*': 'Healthy' },
    },
  },
  {
    kinds: /^rollouts\.kruise\.io\/Rollout$/,
    words: {
      'status.phase': { Disabled: 'Degraded', Terminating: 'Degraded' },
      'status.canaryStatus.currentStepState': { StepPaused: 'Suspended' },
    },
  },
  { kinds: /^astra\.netapp\.io\/(?!Schedule)/, conditions: { 'Ready=False': 'Degraded' }, needs: 'status' },
  { kinds: /^(minio\.min\.io|k8s\.mariadb\.com|kubevirt\.io)\//, silent: 'Progressing' },
  { kinds: /\.aws\.crossplane\.io\/(?!ProviderConfig)/, needs: 'Ready' },
  { kinds: /^core\.spinkube\.dev\/SpinApp$/, conditions: { 'Progressing=True': 'Progressing' } },
  {
    kinds: /\.k8s\.elastic\.co\//,
    words: { status: { '{}': 'Unknown' } },
    counts: { 'status.availableNodes': 'spec.nodeSets.*.count' },
  },
  { kinds: /^cassandra\.rook\.io\//, counts: { 'status.racks.*.readyMembers': 'status.racks.*.members' } },
  {
    kinds: /^core\.gardener\.cloud\/Shoot$/,
    words: { 'metadata.labels.[shoot.gardener.cloud/status]': { unhealthy: 'Degraded', unknown: 'Unknown' } },
  },
  { kinds: /^rabbitmq\.com\/(?!RabbitmqCluster)/, words: { status: { '{}': 'Unknown' } } },
  { kinds: /^rabbitmq\.com\/RabbitmqCluster$/, conditions: { 'ReconcileSuccess=False': 'Degraded' } },
  {
    kinds: /(^|\.)solo\.io\//,
    words: { 'status.state': glooStates, 'status.statuses.*.state': glooStates },
  },
  {
    kinds: /^karpenter\.sh\//,
    conditions: { 'Disrupting=True': 'Suspended', 'Ready=False(NotReady)': 'Degraded' },
  },
  {
    kinds: /^grafana\.integreatly\.org\/Grafana$/,
    words: {
      'status.stageStatus': { failed: 'Degraded' },
      'status.stage': { complete: 'Healthy', '*': 'Progressing' },
    },
  },
  { kinds: /^keda\.sh\//, conditions: { 'Fallback=True': 'Degraded' } },
  { kinds: /^metrics\.keptn\.sh\/Analysis$/, words: { 'status.pass': { false: 'Degraded' } } },
  {
    kinds: /^networking\.gke\.io\/ManagedCertificate$/,
    words: {
      'status.domainStatus.*.status': {
        FailedNotVisible: 'Degraded',
        FailedCaaChecking: 'Degraded',
        FailedCaaForbidden: 'Degraded',
        FailedRateLimited: 'Degraded',
      },
    },
  },
  {
    kinds: /^numaflow\.numaproj\.io\//,
    conditions: { '*Healthy=False': 'Degraded' },
    words: {
      'status.phase': { Paused: 'Healthy' },
      'metadata.labels.[numaplane.numaproj.io/progressive-result-state]': { failed: 'Degraded' },
    },
  },
  {
    kinds: /^proclaim\.dogmatiq\.io\//,
    conditions: {
      'Adopted=False': 'Degraded',
      'Advertised=False': 'Degraded',
      'Discoverable=False': 'Progressing',
      'Discoverable=Unknown': 'Unknown',
    },
  },
  {
    kinds: /^promoter\.argoproj\.io\/PromotionStrategy$/,
    conditions: promoterConditions,
    words: {
      'status.environments': { '[]': 'Degraded' },
      'status.environments.*.active.dry': { '{}': 'Progressing' },
      'status.environments.*.proposed.dry': { '{}': 'Progressing' },
    },
    needs: 'Ready',
  },
  { kinds: /^promoter\.argoproj\.io\//, conditions: promoterConditions, needs: 'Ready' },
  {
    kinds: /^work\.karmada\.io\//,
    words: { 'status.aggregatedStatus.*.applied': { false: 'Degraded' } },
    counts: { 'status.aggregatedStatus.*': 'spec.clusters.*' },
  },
];
