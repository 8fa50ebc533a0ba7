import type { Dashboard } from '../panel.ts';
import { number, ofService, quantile, rate, same } from './queries.ts';

/** One agent, for whoever is on call for its cluster. */
export const agent: Dashboard = {
  file: 'agent',
  title: 'Flotilla: an agent',
  rows: [
    {
      question: 'Does it speak for its cluster?',
      panels: [
        number('Lease', 'max(flotilla_agent_lease_held)', '1 while it may speak'),
        number(
          'Line',
          'max(flotilla_broker_connected and on (instance) flotilla_agent_lease_held)',
          '1 while the control plane can be reached',
        ),
        number('Generation', 'max(flotilla_agent_fence{part="generation"})', 'Of the set that it holds'),
        {
          title: 'Credential ends',
          help: 'Renewed from its thirtieth day on',
          unit: 'dateTimeFromNow',
          shape: 'number',
          queries: [{ expr: 'min(flotilla_agent_credential_expires_timestamp_seconds) * 1000', legend: 'ends' }],
        },
        number('Unconfirmed', 'max(flotilla_agent_statuses_unconfirmed)', 'News that no receipt has confirmed', 1),
      ],
    },
    {
      question: 'Does everything run as Git says?',
      panels: [
        {
          title: 'Targets by sync',
          help: 'As this agent sees them',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_agent_targets_sync', 'sync')],
        },
        {
          title: 'Targets by health',
          help: 'As this agent sees them',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_agent_targets_health', 'health')],
        },
        {
          title: 'Faults by reason',
          help: 'Passes that failed',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_agent_target_faults_total', 'reason')],
        },
      ],
    },
    {
      question: 'What does it cost?',
      panels: [
        {
          title: 'A pass takes',
          help: 'Over one target',
          unit: 's',
          shape: 'lines',
          queries: [quantile(0.5, 'flotilla_agent_pass_seconds'), quantile(0.95, 'flotilla_agent_pass_seconds')],
        },
        {
          title: 'Asked of the API server',
          help: 'Next to nothing where nothing changes',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_agent_kube_requests_total', 'verb', 'status')],
        },
        {
          title: 'Kept in the cluster',
          help: 'Records of targets',
          unit: 'bytes',
          shape: 'lines',
          queries: [
            { expr: 'max(flotilla_agent_record_bytes)', legend: 'all' },
            { expr: 'max(flotilla_agent_record_largest_bytes)', legend: 'the largest' },
          ],
        },
        {
          title: 'Memory',
          help: '120 MB idle is the measure',
          unit: 'bytes',
          shape: 'lines',
          queries: [ofService('process_resident_memory_bytes', 'resident')],
        },
      ],
    },
  ],
};
