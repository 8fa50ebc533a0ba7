import { describe, expect, it } from 'vitest';
import { deliveryRecordCases } from './delivery-record-cases.ts';
import { inMemoryDeliveryWorld } from './in-memory-world.ts';

describe('the record of deliveries in memory', () => {
  it.each(deliveryRecordCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryDeliveryWorld())).resolves.toBeUndefined();
  });
});
