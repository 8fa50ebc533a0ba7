import type { Dashboard } from '../panel.ts';
import { number, same } from './queries.ts';

/** What the fleet is like, for everybody. */
export const fleet: Dashboard = {
  file: 'fleet',
  title: 'Flotilla: the fleet',
  rows: [
    {
      question: 'Is everybody there?',
      panels: [
        number('Connected', 'max(flotilla_clusters{connection="Connected"})', 'Clusters that are heard'),
        number('Lost', 'max(flotilla_clusters{connection="Lost"})', 'Not heard any more; what they run goes on', 1),
        number(
          'Ahead',
          'max(flotilla_clusters{connection="Ahead"})',
          'They hold a set that this database never issued',
          1,
        ),
        number('Running rollouts', 'max(flotilla_rollouts{state="Running"})', 'Releases on their way'),
      ],
    },
    {
      question: 'Does everything run as Git says?',
      panels: [
        {
          title: 'Targets by sync',
          help: 'OutOfSync for long wants an explanation',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_targets_sync', 'sync')],
        },
        {
          title: 'Targets by health',
          help: 'Degraded after a rollout is the rollout',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_targets_health', 'health')],
        },
      ],
    },
    {
      question: 'Does news arrive?',
      panels: [
        {
          title: 'Rollouts by state',
          help: 'Those that are over are those of the last day',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_rollouts', 'state')],
        },
        {
          title: 'Oldest running rollout',
          help: 'An hour is long',
          unit: 's',
          shape: 'lines',
          worry: 3_600,
          queries: [{ expr: 'max(flotilla_rollout_oldest_running_seconds)', legend: 'oldest' }],
        },
        {
          title: 'Upgrades of agents',
          help: 'A halted one waits for a person',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_agent_upgrades', 'state')],
        },
        {
          title: 'Clusters by connection',
          help: 'Deaf means that we ourselves could not hear',
          unit: 'short',
          shape: 'stacked',
          queries: [same('flotilla_clusters', 'connection')],
        },
      ],
    },
  ],
};
