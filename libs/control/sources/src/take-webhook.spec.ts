import { beforeEach, describe, expect, it } from 'vitest';
import { Redacted } from '@flotilla/foundation';
import { hmacSha256 } from '@flotilla/foundation/node';
import { systemActor } from '@flotilla/model';
import { applyDocuments } from './apply-documents.ts';
import { lookNow, takeWebhook } from './take-webhook.ts';
import { shopDocuments } from './testing/documents.ts';
import { inMemorySourcesWorld } from './testing/in-memory-world.ts';

const secret = 'the-secret-of-this-repository';
const project = 'default';
let world: ReturnType<typeof inMemorySourcesWorld>;
let shop: string;

beforeEach(async () => {
  world = inMemorySourcesWorld();
  await openShop('webhook: {secret: hook}');
  await world.credentials.put({ project, name: 'hook' }, { kind: 'webhook', secret: new Redacted(secret) });
});

async function openShop(repository: string): Promise<void> {
  const files = [shopDocuments({ repository })];
  await applyDocuments(world.documents, { project, files, by: systemActor('test'), dryRun: false });
  shop = await world.uidOf('Repository', 'shop');
  await world.marks();
}

const body = new TextEncoder().encode('{"after":"1111111111111111111111111111111111111111"}');
const send = (key: string, uid = shop) =>
  takeWebhook(world, uid, { body, signature: `sha256=${hmacSha256(key, body)}` });
const refused = { code: 'unauthenticated', reason: 'WebhookRefused', message: 'this webhook is not known here' };

describe('AT-19: a webhook', () => {
  it('says "look at this repository", whatever commit its body names', async () => {
    expect([await send(secret), await world.marks()]).toEqual([{ repository: 'shop' }, [`repository/${shop}`]]);
  });

  it('that is replayed a thousand times is no more work than once', async () => {
    for (let count = 0; count < 1_000; count++) await send(secret);
    expect(await world.marks()).toEqual([`repository/${shop}`]);
  });

  it('with a wrong signature, for no repository, or for a thing that is none, is one and the same refusal', async () => {
    const checkout = await world.uidOf('Application', 'checkout');
    await expect(send('another')).rejects.toMatchObject(refused);
    await expect(send(secret, 'nobody')).rejects.toMatchObject(refused);
    await expect(send(secret, checkout)).rejects.toMatchObject(refused);
    expect(await world.marks()).toEqual([]);
  });

  it.each([
    ['names no secret', ''],
    ['names a secret that does not exist', 'webhook: {secret: missing}'],
    ['names a credential that is not a webhook’s', 'webhook: {secret: token}'],
  ])('is closed, not open, when the repository %s', async (_what, repository) => {
    const token = { kind: 'bearer', origin: 'https://git.example.org', token: new Redacted(secret) } as const;
    await world.credentials.put({ project, name: 'token' }, token);
    await openShop(repository);
    await expect(send(secret)).rejects.toMatchObject(refused);
    await expect(send('')).rejects.toMatchObject(refused);
    expect(await world.marks()).toEqual([]);
  });
});

describe('a person who wants it looked at now', () => {
  it('gets it marked by its name', async () => {
    expect([await lookNow(world.repositories, project, 'shop'), await world.marks()]).toEqual([
      { repository: 'shop' },
      [`repository/${shop}`],
    ]);
  });

  it('is told when there is no such repository in the project', async () => {
    await expect(lookNow(world.repositories, 'other', 'shop')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Repository other/shop'),
    });
  });
});
