import type { Dashboard } from '../panel.ts';
import { ofService, quantile, rate, same } from './queries.ts';

/** What the four services do, for whoever is on call for them. */
export const controlPlane: Dashboard = {
  file: 'control-plane',
  title: 'Flotilla: the control plane',
  rows: [
    {
      question: 'Is work done?',
      panels: [
        {
          title: 'Due',
          help: 'Keys that nobody looks at yet',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_work_due', 'kind')],
        },
        {
          title: 'Due, by project',
          help: 'Projects take turns: one that waits for much keeps no other waiting',
          unit: 'short',
          shape: 'stacked',
          queries: [{ expr: 'max by (kind, project) (flotilla_work_waiting)', legend: '{{project}} {{kind}}' }],
        },
        {
          title: 'Oldest due',
          help: 'Five minutes page somebody',
          unit: 's',
          shape: 'lines',
          worry: 300,
          queries: [same('flotilla_work_oldest_due_seconds', 'kind')],
        },
        {
          title: 'Failing and dead',
          help: 'Dead work waits for a person',
          unit: 'short',
          shape: 'lines',
          queries: [
            same('flotilla_work_failing', 'kind'),
            { ...same('flotilla_work_dead', 'kind'), legend: '{{kind}} dead' },
          ],
        },
      ],
    },
    {
      question: 'How fast, and why not?',
      panels: [
        {
          title: 'Taken',
          help: 'Keys that are looked at right now',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_work_taken', 'kind')],
        },
        {
          title: 'Looks',
          help: 'How many ended, and how',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_work_looks_total', 'kind', 'outcome')],
        },
        {
          title: 'A look takes',
          help: 'Of a repository, most is the Git host',
          unit: 's',
          shape: 'lines',
          queries: [quantile(0.95, 'flotilla_work_look_seconds', 'kind')],
        },
        {
          title: 'Faults by reason',
          help: 'The words of explain',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_work_faults_total', 'kind', 'reason')],
        },
      ],
    },
    {
      question: 'Are agents heard?',
      panels: [
        {
          title: 'Messages',
          help: 'Hellos are one in ten seconds for each cluster',
          unit: 'reqps',
          shape: 'lines',
          queries: [
            rate('flotilla_messages_received_total', 'kind'),
            { ...rate('flotilla_messages_dropped_total', 'kind', 'reason'), legend: '{{kind}} dropped: {{reason}}' },
            { expr: 'sum(rate(flotilla_dead_letters_trimmed_total[5m]))', legend: 'dead letters trimmed' },
          ],
        },
        {
          title: 'Reports',
          help: 'What is not stored is repeated',
          unit: 'reqps',
          shape: 'lines',
          queries: [
            { expr: 'sum(rate(flotilla_reports_stored_total[5m]))', legend: 'stored' },
            { expr: 'sum(rate(flotilla_reports_not_stored_total[5m]))', legend: 'not stored' },
            { expr: 'sum(rate(flotilla_report_items_dropped_total[5m]))', legend: 'items dropped' },
          ],
        },
        {
          title: 'Until a receipt',
          help: 'Batch commit, and all of it',
          unit: 's',
          shape: 'lines',
          worry: 5,
          queries: [
            quantile(0.99, 'flotilla_receipt_delay_seconds'),
            { ...quantile(0.99, 'flotilla_report_batch_seconds'), legend: 'commit 99 %' },
          ],
        },
        {
          title: 'Hearing',
          help: '1 where silence of a cluster counts',
          unit: 'short',
          shape: 'lines',
          queries: [{ expr: 'max by (instance) (flotilla_hearing)', legend: '{{instance}}' }],
        },
      ],
    },
    {
      question: 'Do Git and people get through?',
      panels: [
        {
          title: 'Git requests',
          help: 'By result',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_git_requests_total', 'request', 'result')],
        },
        {
          title: 'A Git host takes',
          help: 'Refs are one small request',
          unit: 's',
          shape: 'lines',
          queries: [quantile(0.95, 'flotilla_git_request_seconds', 'request')],
        },
        {
          title: 'Orders sent',
          help: 'Signed sets and questions',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_orders_sent_total', 'kind')],
        },
        {
          title: 'API answers',
          help: '5xx is us',
          unit: 'reqps',
          shape: 'stacked',
          queries: [rate('flotilla_http_request_seconds_count', 'status')],
        },
        {
          title: 'The API takes',
          help: 'One in twenty is slower',
          unit: 's',
          shape: 'lines',
          worry: 1,
          queries: [quantile(0.95, 'flotilla_http_request_seconds')],
        },
        {
          title: 'Streams',
          help: 'Screens and commands that follow',
          unit: 'short',
          shape: 'lines',
          queries: [{ expr: 'sum(flotilla_streams_open)', legend: 'open' }],
        },
      ],
    },
    {
      question: 'How are the processes?',
      panels: [
        {
          title: 'Processor',
          help: 'Cores',
          unit: 'short',
          shape: 'lines',
          queries: [ofService('rate(process_cpu_seconds_total[5m])')],
        },
        {
          title: 'Memory',
          help: 'Resident',
          unit: 'bytes',
          shape: 'lines',
          queries: [ofService('process_resident_memory_bytes')],
        },
        {
          title: 'Heap',
          help: 'What JavaScript objects take of it',
          unit: 'bytes',
          shape: 'lines',
          queries: [ofService('nodejs_heap_used_bytes')],
        },
        {
          title: 'Event loop lag',
          help: 'How late timers are',
          unit: 's',
          shape: 'lines',
          worry: 0.5,
          queries: [ofService('flotilla_event_loop_lag_seconds{quantile="0.99"}')],
        },
        {
          title: 'Open files',
          help: 'Sockets are among them',
          unit: 'short',
          shape: 'lines',
          queries: [ofService('process_open_fds')],
        },
        {
          title: 'Started',
          help: 'A process that begins again and again crashes',
          unit: 'dateTimeFromNow',
          shape: 'number',
          queries: [ofService('process_start_time_seconds * 1000')],
        },
      ],
    },
  ],
};
