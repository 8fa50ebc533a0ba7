import { deepEqual } from 'node:assert/strict';
import { tokenHash } from '../authenticate.ts';
import { principalOf } from '../principal.ts';
import type { Tokens } from '../tokens.port.ts';

/** One filling, made anew for each case. */
export interface TokensWorld {
  readonly tokens: Tokens;
  readonly revoke: (hash: string) => Promise<void>;
  readonly expire: (hash: string, at: number) => Promise<void>;
}

/** One promise of the port, and how it is tried. */
export interface TokensCase {
  readonly title: string;
  readonly run: (world: TokensWorld) => Promise<void>;
}

const [ann, bob] = [principalOf('ann', ['write']), principalOf('bob', ['admin'])];
const hash = tokenHash('a-token');

/** What every filling of the port does. Free of any test runner. */
export const tokensCases: readonly TokensCase[] = [
  {
    title: 'a token is known by its exact hash, and keeps the rights it was made with',
    run: async ({ tokens }) => {
      await tokens.ensure(hash, ann);
      await tokens.ensure(hash, bob);
      deepEqual(await tokens.find(hash, 0), ann);
      for (const other of ['a-token', hash.toUpperCase(), hash.slice(1), '']) {
        deepEqual(await tokens.find(other, 0), undefined);
      }
    },
  },
  {
    title: 'a token that was revoked is nobody’s, and is not made again by the way in',
    run: async ({ tokens, revoke }) => {
      await tokens.ensure(hash, ann);
      await revoke(hash);
      await tokens.ensure(hash, ann);
      deepEqual(await tokens.find(hash, 0), undefined);
    },
  },
  {
    title: 'a token that expires is good until that moment',
    run: async ({ tokens, expire }) => {
      await tokens.ensure(hash, ann);
      await expire(hash, 1_000);
      deepEqual([await tokens.find(hash, 999), await tokens.find(hash, 1_000)], [ann, undefined]);
    },
  },
];
