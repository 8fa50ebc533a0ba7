import {
  agentUpgradeStates,
  connections,
  healthStatuses,
  rolloutStates,
  syncStatuses,
  workKinds,
} from '@flotilla/model';
import { anyWord, type LabelSet, type Metric } from './metric.ts';

/** From a quick statement to a look that takes as long as it may. */
const durations = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

function counts<const Labels extends LabelSet>(name: string, help: string, labels: Labels): Metric<Labels> {
  return { name, type: 'counter', help, labels };
}

function shows<const Labels extends LabelSet>(name: string, help: string, labels: Labels): Metric<Labels> {
  return { name, type: 'gauge', help, labels };
}

function times<const Labels extends LabelSet>(name: string, help: string, labels: Labels): Metric<Labels> {
  return { name, type: 'histogram', help, labels, buckets: durations };
}

const [kind, reason] = [anyWord, anyWord] as const;
const answers = ['2xx', '3xx', '4xx', '5xx', 'none'] as const;

/**
 * Everything that Flotilla measures of itself. Dashboards and alerts may name nothing else, and every process tells only
 * what stands here. What comes out of the database is told alike by every replica: take the largest, not the sum.
 */
export const metricList = {
  // Every process.
  build: shows('flotilla_build_info', 'Always 1: which process this is', { service: anyWord, version: anyWord }),
  readingFaults: counts('flotilla_reading_faults_total', 'Values that could not be found when they were asked for', {
    metric: anyWord,
  }),
  surprises: counts('flotilla_surprises_total', 'Errors that nobody caught, and that the process outlived', {
    thrown: ['rejection', 'exception'],
  }),
  cpu: counts('process_cpu_seconds_total', 'Processor time that the process took', {}),
  memory: shows('process_resident_memory_bytes', 'Memory that the process holds', {}),
  heap: shows('nodejs_heap_used_bytes', 'Of it, what JavaScript objects take', {}),
  files: shows('process_open_fds', 'Files and sockets that are open', {}),
  started: shows('process_start_time_seconds', 'When the process began', {}),
  brokerConnected: shows('flotilla_broker_connected', '1 while the line to the broker stands', {}),

  // Services: how they are.
  eventLoopLag: shows('flotilla_event_loop_lag_seconds', 'How late timers were since the last scrape', {
    quantile: ['0.5', '0.99', '1'],
  }),
  databaseConnections: shows('flotilla_database_connections', 'Connections of the pool', { state: ['used', 'idle'] }),
  databaseConnectionsMax: shows('flotilla_database_connections_max', 'How many the pool may have', {}),
  databaseWaiting: shows('flotilla_database_waiting', 'Statements that wait for a connection', {}),

  // Services: the work table.
  workDue: shows('flotilla_work_due', 'Keys that are due and that nobody looks at yet', { kind: workKinds }),
  workWaiting: shows(
    'flotilla_work_waiting',
    'Of them, those of the projects that wait for the most, and of all others',
    {
      kind: workKinds,
      project: anyWord,
    },
  ),
  workTaken: shows('flotilla_work_taken', 'Keys that some replica looks at right now', { kind: workKinds }),
  workOldestDue: shows('flotilla_work_oldest_due_seconds', 'How long the oldest due key waits', { kind: workKinds }),
  workFailing: shows('flotilla_work_failing', 'Keys whose last look failed and that come back by themselves', {
    kind: workKinds,
  }),
  workDead: shows('flotilla_work_dead', 'Keys that failed and wait for a person or a new mark', { kind: workKinds }),
  workLooks: counts('flotilla_work_looks_total', 'Looks that ended', { kind: workKinds, outcome: ['done', 'fault'] }),
  workFaults: counts('flotilla_work_faults_total', 'Looks that failed, by why', { kind, reason }),
  workDuration: times('flotilla_work_look_seconds', 'How long a look takes', { kind: workKinds }),

  // Services: what agents say.
  messagesReceived: counts('flotilla_messages_received_total', 'Messages of agents', { kind }),
  messagesDropped: counts('flotilla_messages_dropped_total', 'Of them, not understood or not handled', {
    kind,
    reason,
  }),
  deadLettersTrimmed: counts('flotilla_dead_letters_trimmed_total', 'Dead letters that made way for newer ones', {}),

  // sources.
  gitRequests: counts('flotilla_git_requests_total', 'Requests to Git hosts', {
    request: ['refs', 'pull', 'push'],
    result: ['done', 'fault'],
  }),
  gitDuration: times('flotilla_git_request_seconds', 'How long a Git host takes', {
    request: ['refs', 'pull', 'push'],
  }),

  // delivery.
  ordersSent: counts('flotilla_orders_sent_total', 'Signed orders to clusters', { kind }),
  rollouts: shows('flotilla_rollouts', 'Rollouts, by how they are; of those that are over, the last day', {
    state: rolloutStates,
  }),
  rolloutOldest: shows('flotilla_rollout_oldest_running_seconds', 'How long the oldest running rollout goes on', {}),

  agentUpgrades: shows('flotilla_agent_upgrades', 'Upgrades of agents; of those that are over, the last day', {
    state: agentUpgradeStates,
  }),

  // status.
  hearing: shows('flotilla_hearing', '1 while this replica hears so well that the silence of a cluster counts', {}),
  clusters: shows('flotilla_clusters', 'Clusters, by connection', { connection: connections }),
  targetsSync: shows('flotilla_targets_sync', 'Targets, by sync', { sync: syncStatuses }),
  targetsHealth: shows('flotilla_targets_health', 'Targets, by health', { health: healthStatuses }),
  reportsStored: counts('flotilla_reports_stored_total', 'Reports that were stored and receipted', {}),
  reportsNotStored: counts('flotilla_reports_not_stored_total', 'Reports that were not; their agents repeat them', {}),
  reportItemsDropped: counts('flotilla_report_items_dropped_total', 'Items that our own records contradict', {}),
  reportsDisbelieved: counts(
    'flotilla_reports_disbelieved_total',
    'Reports of others than who speaks for a cluster',
    {},
  ),
  intrudersHeard: counts('flotilla_intruders_heard_total', 'Hellos of others than who speaks for a cluster', {
    code: ['IdentityElsewhere', 'IdentityDoubled'],
  }),
  identitiesRenewed: counts('flotilla_identities_renewed_total', 'Renewals that were asked for, by what came of them', {
    outcome: anyWord,
  }),
  reportBatchDuration: times('flotilla_report_batch_seconds', 'How long a batch of reports takes to commit', {}),
  receiptDelay: times('flotilla_receipt_delay_seconds', 'From hearing a report to sending its receipt', {}),

  // gateway.
  httpDuration: times('flotilla_http_request_seconds', 'How long requests take', {
    operation: anyWord,
    status: answers,
  }),
  itemsUnreadable: counts('flotilla_items_unreadable_total', 'Rows that make no sense and are left out of lists', {
    path: anyWord,
  }),
  streams: shows('flotilla_streams_open', 'Screens and commands that follow what happens', {}),

  // agent.
  agentFence: shows('flotilla_agent_fence', 'The set that the agent holds', { part: ['epoch', 'generation'] }),
  agentLease: shows('flotilla_agent_lease_held', '1 while this agent may speak for its cluster', {}),
  agentTargetsSync: shows('flotilla_agent_targets_sync', 'Targets of this cluster, by sync', { sync: syncStatuses }),
  agentTargetsHealth: shows('flotilla_agent_targets_health', 'Targets of this cluster, by health', {
    health: healthStatuses,
  }),
  agentUnconfirmed: shows('flotilla_agent_statuses_unconfirmed', 'Statuses that no receipt has confirmed', {}),
  agentRecordBytes: shows('flotilla_agent_record_bytes', 'What the records of all targets take in the cluster', {}),
  agentRecordLargest: shows('flotilla_agent_record_largest_bytes', 'What the largest record takes', {}),
  agentCredentialExpiry: shows(
    'flotilla_agent_credential_expires_timestamp_seconds',
    'When the broker stops believing this agent',
    {},
  ),
  agentPassDuration: times('flotilla_agent_pass_seconds', 'How long one pass over a target takes', {}),
  agentFaults: counts('flotilla_agent_target_faults_total', 'Passes that failed, by why', { reason }),
  kubeRequests: counts('flotilla_agent_kube_requests_total', 'Requests to the API server', {
    verb: ['get', 'watch', 'create', 'apply', 'patch', 'replace', 'delete'],
    status: answers,
  }),
} as const satisfies Record<string, Metric>;
