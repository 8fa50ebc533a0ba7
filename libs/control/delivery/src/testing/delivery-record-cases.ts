import type { DeliveryRecordCase } from './delivery-world.ts';
import { endCases } from './end-cases.ts';
import { orderCases } from './order-cases.ts';
import { planningCases } from './planning-cases.ts';
import { setCases } from './set-cases.ts';

/** What every filling of the port does. Free of any test runner. */
export const deliveryRecordCases: readonly DeliveryRecordCase[] = [
  ...planningCases,
  ...setCases,
  ...orderCases,
  ...endCases,
];
