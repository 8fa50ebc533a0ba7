import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenHash, tokenId } from '@flotilla/control-access';
import { VirtualClock } from '@flotilla/foundation/testing';
import { openGateway, type TestGateway, type tokens } from '../testing/open-gateway.ts';

const path = '/api/v1/tokens';
const dayMs = 86_400_000;
let clock: VirtualClock;
let gateway: TestGateway;

beforeEach(async () => {
  clock = new VirtualClock(Date.now());
  gateway = await openGateway({ parts: { clock } });
});
afterEach(() => gateway.stop());

type As = keyof typeof tokens;

interface Answered {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly text?: string;
  readonly token?: { readonly metadata: { readonly uid: string } };
  readonly revoked?: readonly { readonly metadata: { readonly name: string } }[];
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly state: string };
  }[];
}

async function send(
  method: string,
  url: string,
  { as = 'admin', body, key }: { as?: As; body?: object; key?: string } = {},
) {
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  const response = await gateway.send(url, { method, as, headers, ...(body && { body: JSON.stringify(body) }) });
  return { ...((await response.json()) as object), status: response.status } as Answered;
}

const create = (body: object, options: { as?: As; key?: string } = {}) => send('POST', path, { ...options, body });

/** What a text opens, as anybody would use it. */
async function enter(text: string, url = '/api/v1/projects/shop/targets') {
  const response = await gateway.send(url, { headers: { authorization: `Bearer ${text}` } });
  return { status: response.status, code: ((await response.json()) as { code?: string }).code };
}

describe('a token for a person', () => {
  it('opens what it was made for, once it was told, and is never told again', async () => {
    const { status, text, token } = await create({ name: 'ann@example.org', permission: 'approve', project: 'shop' });
    const listed = await send('GET', path);
    expect({
      status,
      token,
      opens: await enter(text!),
      elsewhere: await enter(text!, '/api/v1/projects/bank/targets'),
      tokensOfOthers: await enter(text!, path),
      told: JSON.stringify(listed).includes(text!),
    }).toEqual({
      status: 201,
      token: {
        kind: 'Token',
        metadata: { uid: tokenId(tokenHash(text!)), name: 'ann@example.org', createdAt: expect.any(String) },
        spec: { permission: 'approve', project: 'shop' },
        status: { state: 'Active', createdBy: 'user:admin' },
      },
      opens: { status: 200 },
      elsewhere: { status: 403, code: 'ProjectClosed' },
      tokensOfOthers: { status: 403, code: 'PermissionMissing' },
      told: false,
    });
  });

  it.each([
    [{ name: 'Ann Lee', permission: 'read' }, 'RequestInvalid'],
    [{ name: 'ann', permission: 'owner' }, 'RequestInvalid'],
    [{ name: 'ann' }, 'RequestInvalid'],
    [{ name: 'ann', permission: 'read', project: 'No Name' }, 'RequestInvalid'],
    [{ name: 'ann', permission: 'read', expires: '0s' }, 'RequestInvalid'],
    [{ name: 'ann', permission: 'read', expires: '999999d' }, 'RequestInvalid'],
    [{ name: 'ann', permission: 'read', expires: 'soon' }, 'RequestInvalid'],
  ])('is not made of %j', async (body, code) => {
    expect(await create(body)).toMatchObject({ status: 422, code });
    expect(gateway.tokens.lines).toEqual([]);
  });

  it.each<[As, object, number, string | undefined]>([
    ['reader', { permission: 'read' }, 403, 'PermissionMissing'],
    ['writer', { permission: 'read' }, 403, 'PermissionMissing'],
    ['tenant', { permission: 'admin', project: 'shop' }, 201, undefined],
    ['tenant', { permission: 'read', project: 'bank' }, 403, 'MoreThanOwn'],
    ['tenant', { permission: 'read' }, 403, 'MoreThanOwn'],
  ])('is not given by a %s beyond what they have: %j', async (as, body, status, code) => {
    const answer = await create({ name: 'ann', ...body }, { as });
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
  });

  it('is made once for one key, is told again to whoever made it, and lies nowhere as it is', async () => {
    const body = { name: 'ann', permission: 'read' };
    const answers = [await create(body, { key: 'k' }), await create(body, { key: 'k' })];
    const { text } = answers[0]!;
    expect({
      same: answers[0]!.text === answers[1]!.text,
      lines: gateway.tokens.lines.length,
      kept: gateway.idempotency.dump().includes(text!) || gateway.idempotency.dump().includes('flt_'),
    }).toEqual({ same: true, lines: 1, kept: false });
  });

  it('of an answer that was lost with its gateway is not made twice: the way out is said', async () => {
    gateway.idempotency.isFull = true;
    const body = { name: 'ann', permission: 'read' };
    const first = await create(body, { key: 'k' });
    await gateway.idempotency.abandon({ principal: 'admin', key: 'k', requestDigest: '' });
    const { status, code, detail } = await create(body, { key: 'k' });
    expect({ status, code, tells: detail?.includes(`flotilla token revoke ${first.token?.metadata.uid}`) }).toEqual({
      status: 409,
      code: 'TokenMadeBefore',
      tells: true,
    });
  });
});

describe('the end of a token', () => {
  it('by its time is told by name', async () => {
    const { text } = await create({ name: 'ann', permission: 'read', expires: '1d' });
    await clock.advance(dayMs - 1);
    const before = await enter(text!);
    await clock.advance(1);
    expect([before, await enter(text!)]).toEqual([{ status: 200 }, { status: 401, code: 'TokenExpired' }]);
  });

  it('by a person holds with the next request, for one token or for all of a name', async () => {
    const made = [];
    for (const name of ['ann', 'ann', 'bob']) made.push(await create({ name, permission: 'read' }));
    const [first, second, third] = made as [Answered, Answered, Answered];
    const one = await send('DELETE', `${path}/${first.token!.metadata.uid}`);
    const after = [await enter(first.text!), await enter(second.text!)];
    const rest = await send('DELETE', `${path}/ann`);
    expect({
      revoked: [one, rest].map(({ revoked }) => revoked?.map(({ metadata }) => metadata.name)),
      after,
      end: [await enter(second.text!), await enter(third.text!)],
      again: (await send('DELETE', `${path}/ann`)).code,
    }).toEqual({
      revoked: [['ann'], ['ann']],
      after: [{ status: 401, code: 'TokenRevoked' }, { status: 200 }],
      end: [{ status: 401, code: 'TokenRevoked' }, { status: 200 }],
      again: 'TokenMissing',
    });
  });

  it('does not come to the last who could make others', async () => {
    expect((await send('DELETE', `${path}/twin`)).status).toBe(200);
    expect(await send('DELETE', `${path}/admin`)).toMatchObject({ status: 409, code: 'LastAdmin' });
    expect((await send('GET', path)).status).toBe(200);
  });
});

describe('whoever is in one project', () => {
  it('finds nothing of another one, whether or not it exists', async () => {
    const answers = [];
    for (const project of ['default', 'nowhere'])
      answers.push(await send('GET', `/api/v1/projects/${project}/targets`, { as: 'tenant' }));
    const [{ detail, status, code }, other] = answers as [Answered, Answered];
    expect([status, code, other.status, other.code, other.detail === detail]).toEqual([
      403,
      'ProjectClosed',
      403,
      'ProjectClosed',
      true,
    ]);
  });

  it('is told of this project and its tokens only', async () => {
    await create({ name: 'ann', permission: 'read' });
    await create({ name: 'sue', permission: 'read', project: 'shop' });
    const names = ({ items }: Answered) => items?.map(({ metadata }) => metadata.name).toSorted();
    expect([
      names(await send('GET', path, { as: 'tenant' })),
      names(await send('GET', '/api/v1/projects', { as: 'tenant' })),
    ]).toEqual([['sue', 'tenant'], []]);
  });

  it('has no business outside of projects', async () => {
    const outside = ['/api/v1/ledger', '/api/v1/recovery', '/metrics'];
    const answers = await Promise.all(outside.map((url) => gateway.send(url, { as: 'tenant' })));
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
  });
});
