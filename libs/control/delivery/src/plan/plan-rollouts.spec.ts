import { expect, it } from 'vitest';
import { checkoutFacts, commits } from '../testing/delivery-facts.ts';
import { rolloutText } from './plan-rollouts.ts';

it('a rollout reads as one line', () => {
  const rollout = {
    uid: 'r',
    environment: 'dev',
    release: 'id-1',
    revision: commits.first,
    cause: 'tracking' as const,
  };
  expect(rolloutText(rollout, checkoutFacts())).toBe('checkout 11111111 enters dev');
});
