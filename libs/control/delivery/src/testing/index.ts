export { deliveryRecordCases, type DeliveryRecordCase, type DeliveryWorld } from './delivery-record-cases.ts';
export {
  InMemoryDeliveryRecord,
  type InMemoryDeliveryOptions,
  type OutsideFacts,
} from './in-memory-delivery-record.ts';
export { inMemoryDeliveryWorld } from './in-memory-world.ts';
export { recoveryCases } from './recovery-cases.ts';
