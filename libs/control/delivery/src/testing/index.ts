export { agentUpgradeCases, upgradeRequest, type AgentUpgradeCase, type UpgradeWorld } from './agent-upgrade-cases.ts';
export { waveCases } from './wave-cases.ts';
export { heldStageCases } from './held-stage-cases.ts';
export { waveGateCases } from './wave-gate-cases.ts';
export { writerCases } from './writer-cases.ts';
export { conflictCases } from './conflict-cases.ts';
export { promotionConflictCases } from './promotion-conflict-cases.ts';
export { stageFacts } from './delivery-facts.ts';
export { deliveryRecordCases } from './delivery-record-cases.ts';
export type { DeliveryRecordCase, DeliveryWorld } from './delivery-world.ts';
export {
  InMemoryAgentUpgrades,
  type InMemoryUpgradesOptions,
  type UpgradableCluster,
} from './in-memory-agent-upgrades.ts';
export { InMemoryDeliveryRecord, type InMemoryDeliveryOptions } from './in-memory-delivery-record.ts';
export type { OutsideFacts } from './in-memory-facts.ts';
export { inMemoryUpgradeWorld } from './in-memory-upgrade-world.ts';
export { inMemoryDeliveryWorld, inMemoryPromotionWorld } from './in-memory-world.ts';
export { promotionCases } from './promotion-cases.ts';
export { walkedEnvironments, type PromotionCase, type PromotionWorld } from './promotion-world.ts';
export { rollbackCases } from './rollback-cases.ts';
export type { RollbackCase, RollbackWorld } from './rollback-orders.ts';
export { InMemoryRollbacks } from './in-memory-rollbacks.ts';
export { recoveryCases } from './recovery-cases.ts';
