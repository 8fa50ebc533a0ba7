import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Redacted } from './redacted.ts';

describe('a redacted value', () => {
  const secret = new Redacted('canary-7f3a');

  it.each([
    ['text', String(secret)],
    ['a line that is put together', ['token', secret].join(': ')],
    ['JSON', JSON.stringify({ nested: [secret] })],
    ['inspection', inspect({ nested: secret }, { depth: 9, showHidden: true })],
    ['its own keys', JSON.stringify(Object.entries(secret))],
    ['an error text', String(new Error('refused', { cause: secret }))],
  ])('is not in %s', (_, text) => expect(text).not.toContain('canary'));

  it('is marked where it stood, and comes out in one way only', () => {
    expect([String(secret), JSON.stringify([secret]), inspect(secret), secret.reveal()]).toEqual([
      '[redacted]',
      '["[redacted]"]',
      '[redacted]',
      'canary-7f3a',
    ]);
  });
});
