import { beforeEach, describe, expect, it } from 'vitest';
import { Trouble } from '@flotilla/foundation/testing';
import { authenticate, tokenHash } from './authenticate.ts';
import { principalOf } from './principal.ts';
import { InMemoryTokens } from './testing/in-memory-tokens.ts';

const token = 'flt_abc-DEF_123~';
const ann = principalOf('ann', ['read']);
let tokens: InMemoryTokens;
beforeEach(async () => {
  tokens = new InMemoryTokens();
  await tokens.ensure(tokenHash(token), ann);
  await tokens.ensure(tokenHash('x'.repeat(513)), ann);
});

describe('who holds the bearer token of a header', () => {
  it.each([
    ['the token', `Bearer ${token}`, ann],
    ['the scheme in another case', `bearer ${token}`, ann],
    ['no header', undefined, undefined],
    ['an empty header', '', undefined],
    ['the token alone', token, undefined],
    ['another scheme', `Basic ${token}`, undefined],
    ['a scheme that only ends the same', `XBearer ${token}`, undefined],
    ['no token', 'Bearer ', undefined],
    ['another token', `Bearer ${token}x`, undefined],
    ['the token cut short', `Bearer ${token.slice(0, -1)}`, undefined],
    ['the token in another case', `Bearer ${token.toLowerCase()}`, undefined],
    ['two tokens', `Bearer ${token} ${token}`, undefined],
    ['a space more', `Bearer  ${token}`, undefined],
    ['a line more', `Bearer ${token}\nBearer other`, undefined],
    ['the hash in place of the token', `Bearer ${tokenHash(token)}`, undefined],
    ['a token longer than any', `Bearer ${'x'.repeat(513)}`, undefined],
  ])('%s', async (_what, header, expected) => {
    expect(await authenticate(tokens, header, 0)).toEqual(expected);
  });

  it('nobody is let in because the record cannot be asked', async () => {
    const line = new Trouble();
    line.fail();
    await expect(authenticate(line.over(tokens), `Bearer ${token}`, 0)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
