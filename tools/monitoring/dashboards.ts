import { agent } from './dashboards/agent.ts';
import { controlPlane } from './dashboards/control-plane.ts';
import { databaseAndBroker } from './dashboards/database-and-broker.ts';
import { fleet } from './dashboards/fleet.ts';
import type { Dashboard } from './panel.ts';

/** All dashboards for running Flotilla itself. */
export const dashboards: readonly Dashboard[] = [fleet, controlPlane, agent, databaseAndBroker];
