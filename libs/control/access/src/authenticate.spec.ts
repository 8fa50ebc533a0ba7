import { beforeEach, describe, expect, it } from 'vitest';
import { done, refused } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { tokenHash, tokenId } from './api-token.ts';
import { authenticate } from './authenticate.ts';
import { principalOf } from './principal.ts';
import { InMemoryTokens } from './testing/in-memory-tokens.ts';

const text = 'flt_abc-DEF_123~';
const hash = tokenHash(text);
const ann = done({ principal: principalOf('ann', 'read'), hash });
const minuteMs = 60_000;
const by = { kind: 'user', name: 'root' } as const;
let clock: VirtualClock;
let tokens: InMemoryTokens;
beforeEach(async () => {
  clock = new VirtualClock();
  tokens = new InMemoryTokens(clock);
  await tokens.ensure({ hash, name: 'ann', permission: 'read' });
  await tokens.ensure({ hash: tokenHash('x'.repeat(513)), name: 'ann', permission: 'read' });
});

describe('who holds the bearer token of a header', () => {
  it.each([
    ['the token', `Bearer ${text}`, ann],
    ['the scheme in another case', `bearer ${text}`, ann],
    ['no header', undefined, refused('unknown')],
    ['an empty header', '', refused('unknown')],
    ['the token alone', text, refused('unknown')],
    ['another scheme', `Basic ${text}`, refused('unknown')],
    ['a scheme that only ends the same', `XBearer ${text}`, refused('unknown')],
    ['no token', 'Bearer ', refused('unknown')],
    ['another token', `Bearer ${text}x`, refused('unknown')],
    ['the token cut short', `Bearer ${text.slice(0, -1)}`, refused('unknown')],
    ['the token in another case', `Bearer ${text.toLowerCase()}`, refused('unknown')],
    ['two tokens', `Bearer ${text} ${text}`, refused('unknown')],
    ['a space more', `Bearer  ${text}`, refused('unknown')],
    ['a line more', `Bearer ${text}\nBearer other`, refused('unknown')],
    ['the hash in place of the token', `Bearer ${hash}`, refused('unknown')],
    ['the id in place of the token', `Bearer ${tokenId(hash)}`, refused('unknown')],
    ['a token longer than any', `Bearer ${'x'.repeat(513)}`, refused('unknown')],
  ])('%s', async (_what, header, expected) => {
    expect(await authenticate(tokens, header, clock.now())).toEqual(expected);
  });

  it('nobody is let in because the record cannot be asked', async () => {
    const line = new Trouble();
    line.fail();
    await expect(authenticate(line.over(tokens), `Bearer ${text}`, 0)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a token that ended', () => {
  const order = { name: 'bob', permission: 'write', by } as const;
  const enter = (secret: string) => authenticate(tokens, `Bearer ${secret}`, clock.now());

  it('is told as what it is, from the very moment on', async () => {
    await tokens.make({ ...order, hash: tokenHash('short'), lifeMs: minuteMs, request: '1' });
    await tokens.make({ ...order, hash: tokenHash('long'), project: 'shop', request: '2' });
    await clock.advance(minuteMs - 1);
    const before = [await enter('short'), await enter('long')];
    await clock.advance(1);
    await tokens.revoke({ token: tokenId(tokenHash('long')), by });
    expect({ before, after: [await enter('short'), await enter('long')] }).toEqual({
      before: [
        done({ principal: principalOf('bob', 'write'), hash: tokenHash('short') }),
        done({ principal: principalOf('bob', 'write', 'shop'), hash: tokenHash('long') }),
      ],
      after: [refused('expired'), refused('revoked')],
    });
  });
});

describe('when a token was last used', () => {
  const lastUsed = async () => (await tokens.find(hash))?.lastUsedAt?.getTime();
  const enter = () => authenticate(tokens, `Bearer ${text}`, clock.now());

  it('is known to the minute, without a write for each request', async () => {
    const begun = clock.now();
    const seen: (number | undefined)[] = [];
    for (const waitMs of [0, minuteMs - 1, 1]) {
      await clock.advance(waitMs);
      await enter();
      seen.push(await lastUsed());
    }
    expect(seen).toEqual([begun, begun, begun + minuteMs]);
  });

  it('keeps nobody out when it cannot be noted', async () => {
    tokens.used = () => Promise.reject(new Error('no room'));
    expect(await enter()).toEqual(ann);
  });
});
