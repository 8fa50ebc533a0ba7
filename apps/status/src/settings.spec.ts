import { describe, expect, it } from 'vitest';
import { createNkey } from '@flotilla/platform-bus';
import { statusSettings } from './settings.ts';

const { AGENT_SIGNING_KEYS_RETIRED: retired } = statusSettings.shape;
const [first, second] = [createNkey('account').publicKey, createNkey('account').publicKey];

describe('keys that make agents no more', () => {
  it('count no more at once, or until a time', () => {
    expect(retired.parse(`${first},${second}@2026-02-10T00:00:00.000Z`)).toEqual([
      { key: first },
      { key: second, until: Date.UTC(2026, 1, 10) },
    ]);
    expect(retired.parse(undefined)).toEqual([]);
  });

  it.each([
    ['the key of a user', createNkey('user').publicKey],
    ['a day without a time', `${first}@2026-02-10`],
    ['no time where one is announced', `${first}@`],
    ['a seed, which is not for here', createNkey('account').seed],
    ['a time alone', '@2026-02-10T00:00:00Z'],
  ])('%s is refused, because a slip must not keep a stolen key', (_, text) => {
    expect(retired.safeParse(text).success).toBe(false);
  });
});
