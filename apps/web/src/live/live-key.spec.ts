import { expect, it } from 'vitest';
import { keyOf } from './live-key.ts';

it('nouns are known by their uid, ledger lines by their id, counts by their square; others cannot be placed', () => {
  const noun = { metadata: { uid: 'u1' } };
  const square = { application: 'checkout', environment: 'dev', total: 3 };
  expect([
    keyOf('target', noun),
    keyOf('cluster', noun),
    keyOf('event', { id: 'line-7' }),
    keyOf('count', square),
    keyOf('event', square),
    keyOf('target', { id: 'line-7' }),
    keyOf('target', undefined),
  ]).toEqual(['u1', 'u1', 'line-7', 'checkout/dev', undefined, undefined, undefined]);
});
