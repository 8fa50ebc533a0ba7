import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { joinRefusal, joinTokenHash, newJoinToken } from './join-token.ts';

describe('AT-24: a join token', () => {
  it('holds 256 random bits, is never the same, and is stored as a hash only', () => {
    const made = Array.from({ length: 100 }, newJoinToken);
    const tokens = made.map(({ token }) => token.reveal());
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(Buffer.from(token.replace(/^flj_/, ''), 'base64url')).toHaveLength(32);
    expect(made.map(({ hash }) => hash)).toEqual(tokens.map(joinTokenHash));
    expect(made[0]!.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is printed nowhere', () => {
    const made = newJoinToken();
    const secret = made.token.reveal();
    const printed = [String(made.token), JSON.stringify(made), inspect(made, { depth: 9 })];
    expect(printed.filter((text) => text.includes(secret) || text.includes(secret.slice(4, 12)))).toEqual([]);
  });

  const attempt = { tokenHash: 'h', userKey: 'U1', kubernetesUid: 'k1', now: 1_000, expiresAt: 2_000 };
  const used = { usedBy: 'U1', kubernetesUid: 'k1' };

  it.each([
    ['unused', { expiresAt: 1_001 }, undefined],
    ['unused, brought with a key that stands on record', { expiresAt: 1_001, isKeyTaken: true }, 'key-taken'],
    ['used by that very key', { expiresAt: 1_001, ...used, isKeyTaken: true }, undefined],
    ['at the moment it expires', { expiresAt: 1_000 }, 'expired'],
    ['used by the same key of the same cluster', { expiresAt: 1_001, ...used }, undefined],
    ['used by the same key, expired since', { expiresAt: 1_000, ...used }, 'expired'],
    ['used by another key', { expiresAt: 1_001, ...used, usedBy: 'U2' }, 'used'],
    ['used by a key that only begins the same', { expiresAt: 1_001, ...used, usedBy: 'U1x' }, 'used'],
    ['used by the same key of another cluster', { expiresAt: 1_001, ...used, kubernetesUid: 'k2' }, 'used'],
  ])('%s', (_what, token, expected) => {
    expect(joinRefusal(token, attempt)).toBe(expected);
  });
});
