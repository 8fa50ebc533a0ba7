import { describe, expect, it } from 'vitest';
import { openAnswer, sealAnswer } from './sealed-answer.ts';

const secret = 'Bearer a-token-of-somebody';

describe('a sealed answer', () => {
  it.each([{ token: 'for one cluster' }, null, [], 'text', 0])(
    'opens with the secret it was sealed with: %j',
    (body) => {
      expect(openAnswer(sealAnswer(body, secret), secret)).toEqual({ body });
    },
  );

  it('is nothing to whoever has another secret', () => {
    expect(openAnswer(sealAnswer({ token: 'x' }, secret), 'Bearer a-token-of-another')).toBeUndefined();
  });

  it('shows nothing of its content, nor that two answers are the same', () => {
    const [first, second] = [sealAnswer({ token: 'x' }, secret), sealAnswer({ token: 'x' }, secret)];
    expect({ same: first === second, shows: Buffer.from(first, 'base64').includes('token') }).toEqual({
      same: false,
      shows: false,
    });
  });

  it('does not open when a bit of it was changed', () => {
    const bytes = Buffer.from(sealAnswer({ token: 'x' }, secret), 'base64');
    const flipped = Array.from(bytes, (byte, at) => Buffer.from(bytes.with(at, byte ^ 1)).toString('base64'));
    expect(flipped.map((text) => openAnswer(text, secret)).filter(Boolean)).toEqual([]);
  });

  it.each([undefined, null, '', 'short', { body: 'as it was once stored' }])('is not %j', (stored) => {
    expect(openAnswer(stored, secret)).toBeUndefined();
  });
});
