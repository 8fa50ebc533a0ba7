import type { Dashboard } from '../panel.ts';
import { ofService, quantile, rate } from './queries.ts';

/** What the services stand on, as they see it; the exporters of PostgreSQL and NATS see more. */
export const databaseAndBroker: Dashboard = {
  file: 'database-and-broker',
  title: 'Flotilla: database and broker, as the services see them',
  rows: [
    {
      question: 'Is the database there, and does it suffice?',
      panels: [
        {
          title: 'Connections',
          help: 'Used of what a replica may have',
          unit: 'percentunit',
          shape: 'lines',
          worry: 0.9,
          queries: [
            {
              expr: 'flotilla_database_connections{state="used"} / on (instance) flotilla_database_connections_max',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Waiting',
          help: 'Statements that wait for a connection',
          unit: 'short',
          shape: 'lines',
          worry: 1,
          queries: [ofService('flotilla_database_waiting')],
        },
        {
          title: 'Commit of a batch',
          help: 'A report is stored in five milliseconds on a quiet day',
          unit: 's',
          shape: 'lines',
          queries: [quantile(0.5, 'flotilla_report_batch_seconds'), quantile(0.99, 'flotilla_report_batch_seconds')],
        },
        {
          title: 'Values not found',
          help: 'What could not be asked when somebody scraped',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_reading_faults_total', 'metric')],
        },
      ],
    },
    {
      question: 'Does the line to the broker stand?',
      panels: [
        {
          title: 'Connected',
          help: '1 while it stands',
          unit: 'short',
          shape: 'lines',
          queries: [ofService('flotilla_broker_connected')],
        },
        {
          title: 'Messages of agents',
          help: 'Silence here is silence everywhere',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_messages_received_total', 'kind')],
        },
        {
          title: 'Orders to agents',
          help: 'Sets and questions',
          unit: 'reqps',
          shape: 'lines',
          queries: [rate('flotilla_orders_sent_total', 'kind')],
        },
      ],
    },
  ],
};
