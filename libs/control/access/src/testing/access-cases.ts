import { deepEqual } from 'node:assert/strict';
import type { RecordedEvent } from '../ledger.ts';
import { tokenHash, tokenId, type ApiToken } from '../api-token.ts';
import type { TokenOrder, Tokens } from '../tokens.port.ts';

/** One filling, made anew for each case, and what stands in its ledger. */
export interface TokensWorld {
  readonly tokens: Tokens;
  readonly lines: () => Promise<readonly Pick<RecordedEvent, 'action' | 'subject' | 'message'>[]>;
}

/** One promise of the port, and how it is tried. */
export interface TokensCase {
  readonly title: string;
  readonly run: (world: TokensWorld) => Promise<void>;
}

const root = { kind: 'user', name: 'root' } as const;
const bootstrap = { hash: tokenHash('bootstrap'), name: 'bootstrap', permission: 'admin' } as const;
const dayMs = 86_400_000;
const page = { limit: 10 };

function order(text: string, parts: Partial<TokenOrder> = {}): TokenOrder {
  const hash = tokenHash(text);
  return { hash, name: 'ann', permission: 'write', by: root, request: `request of ${text}`, ...parts };
}

/** A token without its moments, which no two fillings share. */
function still({ createdAt: _, revokedAt, ...token }: ApiToken) {
  return { ...token, ...(revokedAt && { isRevoked: true }) };
}

const hashesOf = (found: readonly ApiToken[]) => found.map(({ hash }) => hash);

/** What every filling of the port does. Free of any test runner. */
export const tokensCases: readonly TokensCase[] = [
  {
    title: 'a token is known by its exact hash, and keeps the rights it was made with',
    run: async ({ tokens }) => {
      await tokens.ensure(bootstrap);
      await tokens.ensure({ ...bootstrap, name: 'bob', permission: 'read' });
      deepEqual(still((await tokens.find(bootstrap.hash))!), bootstrap);
      const { hash } = bootstrap;
      for (const other of ['bootstrap', hash.toUpperCase(), hash.slice(1), tokenId(hash), '']) {
        deepEqual(await tokens.find(other), undefined);
      }
    },
  },
  {
    title: 'what is made is found as it was ordered, and stands in the ledger of its project',
    run: async ({ tokens, lines }) => {
      const made = await tokens.make(order('a', { permission: 'approve', project: 'shop', lifeMs: dayMs }));
      const { hash, name } = order('a');
      const { expiresAt, ...rest } = still(made);
      deepEqual(await tokens.find(hash), made);
      deepEqual(rest, { hash, name, permission: 'approve', project: 'shop', createdBy: 'user:root' });
      deepEqual(expiresAt!.getTime() - made.createdAt.getTime(), dayMs);
      const until = expiresAt!.toISOString();
      const message = `token ${tokenId(hash)} of ann: approve in project shop, until ${until}`;
      deepEqual(await lines(), [{ action: 'token.create', subject: 'Token shop/ann', message }]);
    },
  },
  {
    title: 'an order that comes again makes nothing: it gets what it made before',
    run: async ({ tokens, lines }) => {
      const first = await tokens.make(order('a'));
      const again = await tokens.make(order('b', { request: order('a').request }));
      deepEqual([again, await tokens.find(order('b').hash)], [first, undefined]);
      deepEqual((await lines()).length, 1);
    },
  },
  {
    title: 'of one order that comes twice at once, one makes a token',
    run: async ({ tokens, lines }) => {
      const request = 'the same';
      const made = await Promise.all(['a', 'b', 'c', 'd'].map((text) => tokens.make(order(text, { request }))));
      deepEqual([new Set(hashesOf(made)).size, (await lines()).length], [1, 1]);
    },
  },
  {
    title: 'a token that was revoked says so, and is not made again by the way in',
    run: async ({ tokens, lines }) => {
      await tokens.ensure(bootstrap);
      await tokens.make(order('a', { permission: 'admin' }));
      const revoked = await tokens.revoke({ token: 'bootstrap', by: root });
      await tokens.ensure(bootstrap);
      const found = await tokens.find(bootstrap.hash);
      deepEqual(revoked, { ok: true, value: [found] });
      deepEqual(still(found!), { ...bootstrap, isRevoked: true, revokedBy: 'user:root' });
      const message = `token ${tokenId(bootstrap.hash)} of bootstrap: admin in every project`;
      deepEqual((await lines()).at(-1), { action: 'token.revoke', subject: 'Token default/bootstrap', message });
    },
  },
  {
    title: 'an id takes one token, a name takes all of it, and what is gone cannot go again',
    run: async ({ tokens }) => {
      const [a, b, c] = [order('a'), order('b'), order('c')];
      for (const one of [a, b, c, order('of-bob', { name: 'bob' })]) await tokens.make(one);
      const revoke = async (token: string) => {
        const { ok, ...rest } = await tokens.revoke({ token, by: root });
        return 'value' in rest ? hashesOf(rest.value).toSorted() : [ok, rest.reason];
      };
      deepEqual(await revoke(tokenId(b.hash)), [b.hash]);
      deepEqual(await revoke('ann'), [a.hash, c.hash].toSorted());
      for (const gone of ['ann', tokenId(a.hash), 'nobody', '']) deepEqual(await revoke(gone), [false, 'missing']);
    },
  },
  {
    title: 'of two admins who revoke each other at once, one stays',
    run: async ({ tokens }) => {
      for (const name of ['ann', 'bob']) await tokens.make(order(name, { name, permission: 'admin' }));
      const outcomes = await Promise.all(['ann', 'bob'].map((token) => tokens.revoke({ token, by: root })));
      deepEqual(outcomes.map((outcome) => (outcome.ok ? 'gone' : outcome.reason)).toSorted(), ['gone', 'locks-out']);
    },
  },
  {
    title: 'of many tokens it is told which are good at a moment',
    run: async ({ tokens }) => {
      const [good, revoked, short] = [order('a'), order('b', { name: 'bob' }), order('c', { lifeMs: dayMs })];
      for (const one of [good, revoked]) await tokens.make(one);
      const end = (await tokens.make(short)).expiresAt!.getTime();
      await tokens.revoke({ token: 'bob', by: root });
      const asked = [good, revoked, short, order('unknown')].map(({ hash }) => hash);
      const at = async (now: number) => (await tokens.good(asked, now)).toSorted();
      deepEqual(
        [await at(end - 1), await at(end), await tokens.good([], end)],
        [[good.hash, short.hash].toSorted(), [good.hash], []],
      );
    },
  },
  {
    title: 'when it was last used is kept, and never goes back',
    run: async ({ tokens }) => {
      const { hash, createdAt } = await tokens.make(order('a'));
      const at = createdAt.getTime() + dayMs;
      for (const moment of [at, at - 1_000]) await tokens.used(hash, moment);
      await tokens.used('unknown', at);
      deepEqual((await tokens.find(hash))?.lastUsedAt?.getTime(), at);
    },
  },
  {
    title: 'they are listed newest first, a page at a time, of one project or of all',
    run: async ({ tokens }) => {
      const made: ApiToken[] = [];
      for (const project of ['shop', 'bank', 'shop'])
        made.push(await tokens.make(order(`${made.length}`, { project })));
      const [first, second, third] = made.toSorted(
        (left, right) => right.createdAt.getTime() - left.createdAt.getTime() || (left.hash < right.hash ? 1 : -1),
      );
      const one = await tokens.list({ page: { limit: 2 } });
      const two = await tokens.list({ page: { limit: 2, cursor: one.nextCursor } });
      deepEqual([one.items, two], [[first, second], { items: [third] }]);
      const ofShop = await tokens.list({ project: 'shop', page });
      deepEqual(
        ofShop.items.map(({ project }) => project),
        ['shop', 'shop'],
      );
    },
  },
];
