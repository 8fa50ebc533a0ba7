import { agentUpgradeOperations } from './agent-upgrades.ts';
import { clusterOperations } from './clusters.ts';
import { deadLetterOperations } from './dead-letters.ts';
import { deliveryOperations } from './delivery.ts';
import { documentOperations } from './documents.ts';
import { eventOperations } from './events.ts';
import { orderDiffOperations } from './order-diffs.ts';
import { promotionOperations } from './promotion.ts';
import { recoveryOperations } from './recovery.ts';
import { repairOperations } from './repairs.ts';
import { rollbackOperations } from './rollbacks.ts';
import { rolloutOperations } from './rollouts.ts';
import { systemOperations } from './system.ts';
import { targetOperations } from './targets.ts';
import { tokenOperations } from './tokens.ts';

/** Every route of the API, by name. */
export const operations = {
  ...documentOperations,
  ...clusterOperations,
  ...agentUpgradeOperations,
  ...targetOperations,
  ...deliveryOperations,
  ...rolloutOperations,
  ...repairOperations,
  ...promotionOperations,
  ...rollbackOperations,
  ...orderDiffOperations,
  ...eventOperations,
  ...deadLetterOperations,
  ...recoveryOperations,
  ...tokenOperations,
  ...systemOperations,
} as const;
