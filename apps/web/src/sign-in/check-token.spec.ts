import { expect, it } from 'vitest';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { checkToken, tokenRefused } from './check-token.ts';

function problem(status: number, detail: string): Response {
  const body = { type: 'about:blank', title: 'Refused', status, detail, code: 'Refused', retryable: false };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

const rows: readonly [what: string, token: string, answer: () => Response, outcome: Outcome<string, string>][] = [
  ['a good one', 'flt_1', () => Response.json({ items: [] }), done('flt_1')],
  ['an unknown one', 'flt_1', () => problem(401, 'no such token'), refused(tokenRefused)],
  ['one without rights', 'flt_1', () => problem(403, 'no'), refused('This token may not read anything here.')],
  ['a server in trouble', 'flt_1', () => problem(500, 'the database is away'), refused('The database is away')],
  [
    'two words',
    'two words',
    () => Response.json({ items: [] }),
    refused('This is not a token: it has spaces or letters that no token has.'),
  ],
];

it.each(rows)('%s', async (_, token, answer, outcome) => {
  expect(await checkToken(token, async () => answer())).toEqual(outcome);
});

it('says what to look at when nobody answers', async () => {
  const nobody = async () => Promise.reject(new TypeError('fetch failed'));
  expect(await checkToken('flt_1', nobody)).toEqual(
    refused('The server cannot be reached; is it running, and is the address right?'),
  );
});
