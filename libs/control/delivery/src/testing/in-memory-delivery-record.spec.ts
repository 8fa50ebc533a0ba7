import { describe, expect, it } from 'vitest';
import { deliveryRecordCases } from './delivery-record-cases.ts';
import { inMemoryDeliveryWorld, inMemoryPromotionWorld } from './in-memory-world.ts';
import { heldStageCases } from './held-stage-cases.ts';
import { conflictCases } from './conflict-cases.ts';
import { promotionCases } from './promotion-cases.ts';
import { promotionConflictCases } from './promotion-conflict-cases.ts';
import { recoveryCases } from './recovery-cases.ts';
import { waveCases } from './wave-cases.ts';
import { waveGateCases } from './wave-gate-cases.ts';
import { rollbackCases } from './rollback-cases.ts';
import { writerCases } from './writer-cases.ts';

describe.each([
  ['the record of deliveries in memory', deliveryRecordCases],
  ['AT-43: epochs in memory', recoveryCases],
  ['rollouts in waves in memory', waveCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryDeliveryWorld())).resolves.toBeUndefined();
  });
});

describe('promotion in memory', () => {
  it.each(
    [...promotionCases, ...promotionConflictCases, ...waveGateCases, ...writerCases, ...heldStageCases].map(
      (one) => [one.title, one] as const,
    ),
  )('%s', async (_title, { run }) => {
    await expect(run(inMemoryPromotionWorld())).resolves.toBeUndefined();
  });
});

describe('AT-09: rollbacks in memory', () => {
  it.each([...rollbackCases, ...conflictCases].map((one) => [one.title, one] as const))(
    '%s',
    async (_title, { run }) => {
      await expect(run(inMemoryDeliveryWorld())).resolves.toBeUndefined();
    },
  );
});
