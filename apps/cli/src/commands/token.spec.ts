import { operations, type TokenView } from '@flotilla/contracts';
import type { GrantedPermission } from '@flotilla/model';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../testing/fake-control-plane.ts';
import { anHourAgo, planeWith, worldOf } from '../testing/sample-fleet.ts';

const text = 'flt_the-text-of-a-token';
const [ofAnn, ofBob, old] = [
  sampleToken('3f1c0a9be47d2265', 'ann', { spec: { permission: 'write', expiresAt: '2026-01-31T00:00:00.000Z' } }),
  sampleToken('77ab00c1d2e3f405', 'bob@example.org', { spec: { permission: 'approve', project: 'shop' } }),
  sampleToken('0123456789abcdef', 'ann', {
    status: { state: 'Revoked', createdBy: 'user:root', revokedAt: anHourAgo, revokedBy: 'user:root' },
  }),
];

function sampleToken(uid: string, name: string, parts: Partial<Pick<TokenView, 'spec' | 'status'>> = {}): TokenView {
  return {
    kind: 'Token',
    metadata: { uid, name, createdAt: anHourAgo },
    spec: { permission: 'read' },
    status: { state: 'Active', createdBy: 'user:root', lastUsedAt: anHourAgo },
    ...parts,
  };
}

interface Body {
  readonly name: string;
  readonly permission: GrantedPermission;
  readonly project?: string;
  readonly expires?: string;
}

function plane() {
  return planeWith({})
    .on(operations.listTokens, () => ({ items: [ofAnn, ofBob, old] }))
    .on(operations.createToken, ({ body }) => {
      const { name, expires, ...spec } = body as Body;
      const expiresAt = expires && { expiresAt: '2026-03-02T00:00:00.000Z' };
      return { token: sampleToken('3f1c0a9be47d2265', name, { spec: { ...spec, ...expiresAt } }), text };
    })
    .on(operations.revokeToken, ({ params }) => {
      const revoked = [ofAnn, ofBob].filter(({ metadata }) => [metadata.uid, metadata.name].includes(params['token']!));
      if (revoked.length > 0) return { revoked };
      throw new Refusal(404, 'TokenMissing', `there is no token ${params['token']} that could be revoked`);
    });
}

const signIn =
  'whoever has it in a file signs in with: flotilla config set-context NAME --server URL --token-file FILE\n';

describe('token create', () => {
  it.each([
    [
      'ann --permission write',
      '{"name":"ann","permission":"write"}',
      'token/3f1c0a9be47d2265 of ann: write in every project, until it is revoked; its text is shown this once\n',
    ],
    [
      'bob@example.org --permission approve --project shop --expires 60d',
      '{"name":"bob@example.org","permission":"approve","project":"shop","expires":"60d"}',
      'token/3f1c0a9be47d2265 of bob@example.org: approve in project shop, until 2026-03-02T00:00:00.000Z (in 60d); its text is shown this once\n',
    ],
  ])('%s writes its text where data goes, and nothing of it anywhere else', async (line, body, note) => {
    const asked = plane();
    const outcome = await worldOf(asked).run('token', 'create', ...line.split(' '));
    expect([outcome, asked.orders]).toEqual([
      { code: 0, out: `${text}\n`, err: note + signIn },
      [`POST /api/v1/tokens ${body}`],
    ]);
  });

  it('makes one for every project, whichever project is looked at', async () => {
    const asked = plane();
    const environment = { FLOTILLA_PROJECT: 'shop' };
    await worldOf(asked, { environment }).run('token', 'create', 'ann', '--permission', 'read');
    expect(asked.orders).toEqual(['POST /api/v1/tokens {"name":"ann","permission":"read"}']);
  });

  it('gives a program the token with it, and debugging shows no text', async () => {
    const line = 'token create ann --permission read -o json -v 6';
    const { out, err } = await worldOf(plane()).run(...line.split(' '));
    expect([(JSON.parse(out) as { text: string }).text, err.includes(text)]).toEqual([text, false]);
  });

  it.each([
    ['ann', /required option '--permission <permission>'/],
    ['ann --permission owner', /Allowed choices are read, approve, write, break-glass, admin/],
    ['--permission read', /missing required argument 'name'/],
  ])('%s is refused before anything is sent', async (line, message) => {
    const asked = plane();
    const { code, err } = await worldOf(asked).run('token', 'create', ...line.split(' '));
    expect([code, asked.orders]).toEqual([2, []]);
    expect(err).toMatch(message);
  });
});

describe('tokens', () => {
  it.each(['token list', 'get tokens', 'get tok -A'])('are listed by: %s', async (line) => {
    expect((await worldOf(plane()).run(...line.split(' '))).out).toBe(
      [
        'ID                 NAME              PERMISSION   PROJECT   STATE     EXPIRES                             USED     AGE',
        '3f1c0a9be47d2265   ann               write        *         Active    2026-01-31T00:00:00.000Z (in 30d)   60m      60m',
        '77ab00c1d2e3f405   bob@example.org   approve      shop      Active    never                               60m      60m',
        '0123456789abcdef   ann               read         *         Revoked   never                               <none>   60m',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['name', 'token/3f1c0a9be47d2265\ntoken/77ab00c1d2e3f405\ntoken/0123456789abcdef\n'],
    ['jsonpath={.items[*].metadata.name}', 'ann bob@example.org ann\n'],
  ])('are written as %s', async (format, out) => {
    expect((await worldOf(plane()).run('token', 'list', '-o', format)).out).toBe(out);
  });

  it('are described by their id, with who made and who revoked them', async () => {
    const { code, out } = await worldOf(plane()).run('describe', 'token', '0123456789abcdef');
    expect([code, out]).toEqual([0, expect.stringMatching(/By: +user:root\n.*Revoked by: +user:root/s)]);
  });

  it('that are not there are told as missing, without a project', async () => {
    const { code, err } = await worldOf(plane()).run('get', 'token', 'nothing');
    expect([code, err]).toEqual([5, 'error: there is no token nothing; list them with: flotilla get tokens\n']);
  });
});

describe('token revoke', () => {
  const path = 'DELETE /api/v1/tokens/';

  it.each([
    ['3f1c0a9be47d2265', 'token/3f1c0a9be47d2265 of ann revoked\n', [`${path}3f1c0a9be47d2265`]],
    ['ann -o name', 'token/3f1c0a9be47d2265\n', [`${path}ann`]],
    [
      'ann bob@example.org',
      'token/3f1c0a9be47d2265 of ann revoked\ntoken/77ab00c1d2e3f405 of bob@example.org revoked\n',
      [`${path}ann`, `${path}bob%40example.org`],
    ],
  ])('%s', async (line, out, orders) => {
    const asked = plane();
    const outcome = await worldOf(asked).run('token', 'revoke', ...line.split(' '));
    expect([outcome, asked.orders]).toEqual([{ code: 0, out, err: '' }, orders]);
  });

  it.each([
    ['nobody', new Refusal(404, 'TokenMissing', 'there is no token nobody that could be revoked'), 5],
    ['root', new Refusal(409, 'LastAdmin', 'without root nobody could make tokens any more'), 6],
  ])('of %s says why not', async (which, refusal, code) => {
    const asked = plane().on(operations.revokeToken, () => {
      throw refusal;
    });
    const outcome = await worldOf(asked).run('token', 'revoke', which);
    expect(outcome).toEqual({ code, out: '', err: `error: ${refusal.message}\n` });
  });

  it('completes names of people and ids of what is still good', async () => {
    const { out } = await worldOf(plane()).run('__complete', 'token', 'revoke', 'ann', '');
    expect(out).toBe('bob@example.org\n3f1c0a9be47d2265\tann\n77ab00c1d2e3f405\tbob@example.org\n');
  });

  it('has its permissions completed', async () => {
    const { out } = await worldOf(plane()).run('__complete', 'token', 'create', 'ann', '--permission', '');
    expect(out).toBe('read\napprove\nwrite\nbreak-glass\nadmin\n');
  });
});
