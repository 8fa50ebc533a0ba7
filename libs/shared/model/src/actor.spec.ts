import { expect, it } from 'vitest';
import { actorText, actorTextMax } from './actor.ts';
import { desiredEntrySchema, entryPinSchema, suspensionSchema } from './desired-set.ts';
import { userNameSchema } from './documents/gate.ts';
import { breakGlassSchema, entryFreezeSchema } from './freeze.ts';

it('whoever may have a token is understood by every agent as who gave an order', () => {
  const longest = 'a'.repeat(actorTextMax - 'user:'.length);
  const by = actorText({ kind: 'user', name: longest });
  const order = { by, reason: 'why', since: '2026-01-01T00:00:00.000Z', expires: '2026-01-01T01:00:00.000Z' };
  const readers = [
    suspensionSchema,
    entryPinSchema,
    breakGlassSchema.omit({ sourceDigest: true }),
    entryFreezeSchema.omit({ name: true, scope: true }),
  ];
  expect([longest, `${longest}a`].map((name) => userNameSchema.safeParse(name).success)).toEqual([true, false]);
  expect(readers.map((schema) => schema.safeParse(order).success)).toEqual([true, true, true, true]);
  expect(desiredEntrySchema.shape.deletedBy.safeParse(by).success).toBe(true);
});
