import { permissions, type GrantedPermission } from '@flotilla/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { tokenHash, tokenId } from './api-token.ts';
import { principalOf } from './principal.ts';
import { InMemoryTokens } from './testing/in-memory-tokens.ts';
import { TokenDesk, type TokenWish } from './token-desk.ts';

const root = principalOf('root', 'admin');
const page = { limit: 100 };
let tokens: InMemoryTokens;
let desk: TokenDesk;
beforeEach(() => {
  tokens = new InMemoryTokens(new VirtualClock());
  desk = new TokenDesk(tokens);
});

const make = (wish: Partial<TokenWish> = {}, by = root, request = JSON.stringify(wish)) =>
  desk.make({ name: 'ann', permission: 'approve', ...wish }, by, request);

describe('a token that is made', () => {
  it('has 256 random bits behind a prefix that can be searched for, and only its hash is kept', async () => {
    const [first, second] = [await make(), await make({ name: 'bob' })];
    const texts = [first, second].map(({ text }) => text.reveal());
    expect(texts.map((text) => /^flt_[\w-]{43}$/.test(text))).toEqual([true, true]);
    expect({
      differ: texts[0] !== texts[1],
      hash: first.token.hash,
      kept: JSON.stringify([await tokens.list({ page }), tokens.lines]).includes(texts[0]!),
    }).toEqual({ differ: true, hash: tokenHash(texts[0]!), kept: false });
  });

  it.each<[string, GrantedPermission, string | undefined, GrantedPermission, string | undefined, string]>([
    ['an admin of all', 'admin', undefined, 'admin', undefined, 'made'],
    ['an admin of all', 'admin', undefined, 'write', 'shop', 'made'],
    ['an admin of a project', 'admin', 'shop', 'admin', 'shop', 'made'],
    ['an admin of a project', 'admin', 'shop', 'read', 'bank', 'MoreThanOwn'],
    ['an admin of a project', 'admin', 'shop', 'read', undefined, 'MoreThanOwn'],
    ['a writer', 'write', undefined, 'write', 'shop', 'made'],
    ['a writer', 'write', undefined, 'break-glass', undefined, 'MoreThanOwn'],
    ['whoever may break the glass', 'break-glass', undefined, 'admin', undefined, 'MoreThanOwn'],
  ])('by %s (%s in %s) with %s in %s: %s', async (_, own, ownProject, permission, project, expected) => {
    const made = make({ permission, project }, principalOf('ann', own, ownProject)).then(
      ({ token }) => (token.createdBy === 'user:ann' && token.permission === permission ? 'made' : token),
      (error: Fault) => error.reason,
    );
    expect([await made, tokens.lines.length]).toEqual([expected, expected === 'made' ? 1 : 0]);
  });

  it('is made once for one request, and whoever asks again is told the way out', async () => {
    const { token } = await make({}, root, 'request');
    await expect(make({}, root, 'request')).rejects.toMatchObject({
      code: 'conflict',
      reason: 'TokenMadeBefore',
      message: expect.stringContaining(`flotilla token revoke ${tokenId(token.hash)}`),
    });
    expect((await desk.list(root, page)).items).toEqual([token]);
  });
});

describe('at the desk', () => {
  const shop = principalOf('sue', 'admin', 'shop');

  it('an admin of a project sees and revokes what is for this project', async () => {
    const all = await make();
    const own = await make({ project: 'shop' });
    expect((await desk.list(shop, page)).items).toEqual([own.token]);
    await expect(desk.revoke(tokenId(all.token.hash), shop)).rejects.toMatchObject({ reason: 'TokenMissing' });
    expect((await desk.revoke('ann', shop)).map(({ hash }) => hash)).toEqual([own.token.hash]);
  });

  it('the last who could make others is not locked out, whoever asks and however', async () => {
    await tokens.ensure({ hash: tokenHash('bootstrap'), name: 'bootstrap', permission: 'admin' });
    for (const wish of [
      { permission: 'admin', lifeMs: 1 },
      { permission: 'admin', project: 'shop' },
      ...permissions.filter((permission) => permission !== 'admin').map((permission) => ({ permission })),
    ] as const)
      await make(wish);
    for (const which of ['bootstrap', tokenId(tokenHash('bootstrap'))])
      await expect(desk.revoke(which, root)).rejects.toMatchObject({ code: 'conflict', reason: 'LastAdmin' });
    await make({ name: 'root', permission: 'admin' });
    expect((await desk.revoke('bootstrap', root)).map(({ name, revokedBy }) => [name, revokedBy])).toEqual([
      ['bootstrap', 'user:root'],
    ]);
    await expect(desk.revoke('root', root)).rejects.toMatchObject({ reason: 'LastAdmin' });
  });
});
