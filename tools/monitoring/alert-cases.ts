/** A series as promtool writes it, one value a minute: `1x30` stays for thirty minutes, `0+5x30` grows. */
export type Series = readonly [series: string, values: string];

/** What makes an alert fire, what comes close and does not, and when to look. */
export interface AlertCase {
  readonly alert: string;
  readonly fires: readonly Series[];
  readonly quiet: readonly Series[];
  /** Minutes after the beginning. */
  readonly at: number;
}

const seconds = (metric: string, slow: boolean, bounds: readonly string[]): Series[] =>
  bounds.map((bound, index) => [
    `${metric}_bucket{le="${bound}"}`,
    slow && index < bounds.length - 1 ? '0x60' : '0+10x60',
  ]);

const services = ['sources', 'delivery', 'status', 'gateway'];
const built = (names: readonly string[]): Series[] =>
  names.map((name) => [`flotilla_build_info{service="${name}",instance="${name}"}`, '1x60']);

/** At least one for each alert. */
export const alertCases: readonly AlertCase[] = [
  {
    alert: 'FlotillaManyClustersLost',
    at: 10,
    // Two replicas tell the same: ten clusters, not twenty.
    fires: [
      ['flotilla_clusters{connection="Lost",instance="a"}', '2x30'],
      ['flotilla_clusters{connection="Connected",instance="a"}', '8x30'],
      ['flotilla_clusters{connection="Connected",instance="b"}', '8x30'],
    ],
    quiet: [
      ['flotilla_clusters{connection="Lost",instance="a"}', '1x30'],
      ['flotilla_clusters{connection="Connected",instance="a"}', '99x30'],
    ],
  },
  {
    alert: 'FlotillaClusterLost',
    at: 20,
    fires: [['flotilla_clusters{connection="Lost"}', '1x30']],
    quiet: [['flotilla_clusters{connection="Lost"}', '0x10 1x8 0x20']],
  },
  {
    alert: 'FlotillaDeaf',
    at: 10,
    fires: [
      ['flotilla_hearing{instance="a"}', '0x30'],
      ['flotilla_hearing{instance="b"}', '0x30'],
    ],
    quiet: [
      ['flotilla_hearing{instance="a"}', '0x30'],
      ['flotilla_hearing{instance="b"}', '1x30'],
    ],
  },
  {
    alert: 'FlotillaClusterAhead',
    at: 10,
    fires: [['flotilla_clusters{connection="Ahead",instance="a"}', '1x30']],
    quiet: [['flotilla_clusters{connection="Ahead",instance="a"}', '0x30']],
  },
  {
    alert: 'FlotillaRolloutStuck',
    at: 10,
    fires: [['flotilla_rollout_oldest_running_seconds', '4000+60x30']],
    quiet: [['flotilla_rollout_oldest_running_seconds', '600+60x30']],
  },
  {
    alert: 'FlotillaAgentUpgradeHalted',
    at: 5,
    fires: [['flotilla_agent_upgrades{state="Halted"}', '1x30']],
    quiet: [
      ['flotilla_agent_upgrades{state="Halted"}', '0x30'],
      ['flotilla_agent_upgrades{state="Paused"}', '1x30'],
    ],
  },
  {
    alert: 'FlotillaWorkStuck',
    at: 12,
    fires: [['flotilla_work_oldest_due_seconds{kind="plan"}', '400+60x30']],
    quiet: [['flotilla_work_oldest_due_seconds{kind="plan"}', '400 1x30']],
  },
  {
    alert: 'FlotillaDeadWorkGrows',
    at: 90,
    fires: [['flotilla_work_dead{kind="repository"}', '2x60 20x60']],
    quiet: [['flotilla_work_dead{kind="repository"}', '20x120']],
  },
  {
    alert: 'FlotillaReportsNotStored',
    at: 15,
    fires: [['flotilla_reports_not_stored_total', '0+3x30']],
    quiet: [['flotilla_reports_not_stored_total', '3x30']],
  },
  {
    alert: 'FlotillaReceiptsSlow',
    at: 30,
    fires: seconds('flotilla_receipt_delay_seconds', true, ['5', '10', '+Inf']),
    quiet: seconds('flotilla_receipt_delay_seconds', false, ['5', '10', '+Inf']),
  },
  {
    alert: 'FlotillaMessagesDropped',
    at: 25,
    fires: [['flotilla_messages_dropped_total{kind="report",reason="MessageNotUnderstood"}', '0+2x40']],
    quiet: [['flotilla_messages_dropped_total{kind="report",reason="MessageNotUnderstood"}', '0x10 5x30']],
  },
  {
    alert: 'FlotillaDeadLettersTrimmed',
    at: 20,
    fires: [['flotilla_dead_letters_trimmed_total{instance="a"}', '0 0 5x60']],
    quiet: [['flotilla_dead_letters_trimmed_total{instance="a"}', '5x60']],
  },
  {
    alert: 'FlotillaGitUnreachable',
    at: 30,
    fires: [
      ['flotilla_git_requests_total{request="refs",result="fault"}', '0+6x40'],
      ['flotilla_git_requests_total{request="refs",result="done"}', '0+2x40'],
    ],
    quiet: [
      ['flotilla_git_requests_total{request="refs",result="fault"}', '0+2x40'],
      ['flotilla_git_requests_total{request="refs",result="done"}', '0+6x40'],
    ],
  },
  {
    alert: 'FlotillaDatabaseWaiting',
    at: 10,
    fires: [['flotilla_database_waiting{instance="a"}', '4x30']],
    quiet: [['flotilla_database_waiting{instance="a"}', '4 0 4 0 4 0 4 0 4 0 4 0 4']],
  },
  {
    alert: 'FlotillaBrokerGone',
    at: 10,
    fires: [...built(['status']), ['flotilla_broker_connected{instance="status"}', '0x30']],
    // An agent that is cut off is for the alerts of its own cluster.
    quiet: [
      ['flotilla_build_info{service="agent",instance="agent"}', '1x30'],
      ['flotilla_broker_connected{instance="agent"}', '0x30'],
    ],
  },
  {
    alert: 'FlotillaValuesMissing',
    at: 20,
    fires: [['flotilla_reading_faults_total{metric="flotilla_clusters"}', '0+2x30']],
    quiet: [['flotilla_reading_faults_total{metric="flotilla_clusters"}', '0 1x30']],
  },
  { alert: 'FlotillaServiceMissing', at: 10, fires: built(services.slice(1)), quiet: built(services) },
  {
    alert: 'FlotillaApiFails',
    at: 20,
    fires: [
      ['flotilla_http_request_seconds_count{status="5xx"}', '0+10x30'],
      ['flotilla_http_request_seconds_count{status="2xx"}', '0+90x30'],
    ],
    quiet: [
      ['flotilla_http_request_seconds_count{status="5xx"}', '0+1x30'],
      ['flotilla_http_request_seconds_count{status="2xx"}', '0+99x30'],
    ],
  },
  {
    alert: 'FlotillaApiSlow',
    at: 30,
    fires: seconds('flotilla_http_request_seconds', true, ['1', '2.5', '+Inf']),
    quiet: seconds('flotilla_http_request_seconds', false, ['1', '2.5', '+Inf']),
  },
  {
    alert: 'FlotillaEventLoopLags',
    at: 10,
    fires: [['flotilla_event_loop_lag_seconds{quantile="0.99"}', '0.8x30']],
    quiet: [
      ['flotilla_event_loop_lag_seconds{quantile="1"}', '0.8x30'],
      ['flotilla_event_loop_lag_seconds{quantile="0.99"}', '0.1x30'],
    ],
  },
  { alert: 'FlotillaAgentMissing', at: 20, fires: [], quiet: [['flotilla_agent_lease_held{instance="a"}', '1x30']] },
  {
    alert: 'FlotillaAgentMute',
    at: 10,
    fires: [['flotilla_agent_lease_held{instance="a"}', '0x30']],
    // During an upgrade the old one is still there.
    quiet: [
      ['flotilla_agent_lease_held{instance="a"}', '0x30'],
      ['flotilla_agent_lease_held{instance="b"}', '1x30'],
    ],
  },
  {
    alert: 'FlotillaAgentLineCut',
    at: 20,
    fires: [
      ['flotilla_agent_lease_held{instance="a"}', '1x30'],
      ['flotilla_broker_connected{instance="a"}', '0x30'],
    ],
    quiet: [
      ['flotilla_agent_lease_held{instance="a"}', '1x30'],
      ['flotilla_broker_connected{instance="a"}', '1x30'],
      ['flotilla_broker_connected{instance="some service"}', '0x30'],
    ],
  },
  {
    alert: 'FlotillaAgentCredentialExpires',
    at: 90,
    // The clock of promtool begins with zero.
    fires: [['flotilla_agent_credential_expires_timestamp_seconds', `${19 * 86_400}x120`]],
    quiet: [['flotilla_agent_credential_expires_timestamp_seconds', `${60 * 86_400}x120`]],
  },
  {
    alert: 'FlotillaAgentUnheard',
    at: 30,
    fires: [['flotilla_agent_statuses_unconfirmed', '3x40']],
    quiet: [['flotilla_agent_statuses_unconfirmed', '3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3 0 3']],
  },
  {
    alert: 'FlotillaAgentApiServerFails',
    at: 30,
    fires: [
      ['flotilla_agent_kube_requests_total{verb="get",status="none"}', '0+5x40'],
      ['flotilla_agent_kube_requests_total{verb="get",status="2xx"}', '0+5x40'],
    ],
    quiet: [
      ['flotilla_agent_kube_requests_total{verb="get",status="4xx"}', '0+5x40'],
      ['flotilla_agent_kube_requests_total{verb="get",status="2xx"}', '0+5x40'],
    ],
  },
  {
    alert: 'FlotillaAgentRecordLarge',
    at: 20,
    fires: [['flotilla_agent_record_largest_bytes', '12000000x30']],
    quiet: [['flotilla_agent_record_largest_bytes', '1000000x30']],
  },
];
