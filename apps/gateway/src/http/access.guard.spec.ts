import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type Operation } from '@flotilla/contracts';
import { openGateway, type TestGateway } from '../testing/open-gateway.ts';
import { everyOperation, pathOf, refusal, targetsPath } from '../testing/requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway();
});

afterAll(() => gateway.stop());

describe('the one guard', () => {
  it.each(everyOperation.filter(([, { permission }]) => permission !== 'public'))(
    'lets nobody into %s without a token',
    async (_, operation) => {
      const response = await gateway.send(pathOf(operation), { method: operation.method });
      expect({ challenge: response.headers.get('www-authenticate'), ...(await refusal(response)) }).toMatchObject({
        challenge: 'Bearer',
        type: 'application/problem+json; charset=utf-8',
        status: 401,
        code: 'TokenRefused',
      });
    },
  );

  it('has seven doors without one, each of which proves who is calling in its own way or tells nothing', () => {
    const open = everyOperation.filter(([, { permission }]) => permission === 'public').map(([name]) => name);
    expect(open).toEqual(['enrol', 'renew', 'version', 'live', 'ready', 'openApi', 'hook']);
  });

  it.each([
    ['reader', 'listTargets', 200],
    ['reader', 'syncTargets', 403],
    ['writer', 'listTargets', 200],
    ['writer', 'syncTargets', 422],
    ['writer', 'joinCluster', 403],
    ['admin', 'joinCluster', 422],
    ['reader', 'listEvents', 200],
    ['writer', 'listLedgerLines', 403],
    ['admin', 'listLedgerLines', 200],
    ['writer', 'listTokens', 403],
    ['writer', 'createToken', 403],
    ['writer', 'revokeToken', 403],
    ['admin', 'listTokens', 200],
    ['admin', 'createToken', 422],
    ['tenant', 'listTargets', 403],
    ['tenant', 'listTokens', 200],
    ['tenant', 'listLedgerLines', 403],
  ] as const)('lets a %s go as far as its token goes: %s -> %i', async (as, name, status) => {
    const operation: Operation = operations[name];
    const response = await gateway.send(pathOf(operation), { method: operation.method, as });
    expect(response.status).toBe(status);
  });

  it.each([
    ['a token by itself', 'token-of-a-reader'],
    ['another scheme', 'Basic token-of-a-reader'],
    ['a scheme by itself', 'Bearer '],
    ['a token without end', `Bearer ${'x'.repeat(600)}`],
    ['a word that every object knows', 'Bearer toString'],
  ])('takes no %s', async (_, authorization) => {
    expect((await gateway.send(targetsPath, { headers: { authorization } })).status).toBe(401);
  });
});
