import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredRepository } from '@flotilla/control-sources';
import { InMemoryCredentials } from '@flotilla/control-sources/testing';
import { Redacted } from '@flotilla/foundation';
import { documentApiVersion } from '@flotilla/model';
import { RemoteBook } from './remote-book.ts';

const place = { uid: 'r1', project: 'shop', url: 'https://git.example.org/shop.git', credential: 'read' };
let credentials: InMemoryCredentials;
let book: RemoteBook;
beforeEach(() => {
  credentials = new InMemoryCredentials();
  book = new RemoteBook({ credentials, cacheDirectory: undefined });
});
afterEach(() => book.stop());

const repository: StoredRepository = {
  uid: 'r1',
  document: {
    apiVersion: documentApiVersion,
    kind: 'Repository',
    metadata: { name: 'shop', project: 'shop' },
    spec: { url: place.url, host: { type: 'gitlab', credential: 'host' } },
  },
};

const token = (text: string, origin = 'https://git.example.org') =>
  ({ kind: 'bearer', origin, token: new Redacted(text) }) as const;

describe('AT-16: a credential goes to the origin that it was configured for, and nowhere else', () => {
  it.each([
    ['another host', 'https://git.example.com'],
    ['a host that only ends the same', 'https://evilgit.example.org'],
    ['a host above', 'https://example.org'],
    ['another port', 'https://git.example.org:8443'],
  ])('%s', async (_what, origin) => {
    await credentials.put({ project: 'shop', name: 'read' }, token('secret', origin));
    const failed = await book.open(place).catch((error: unknown) => error);
    expect(failed).toMatchObject({ reason: 'CredentialForOtherOrigin', consequence: { kind: 'stall' } });
    expect(String(failed)).not.toContain('secret');
  });

  it.each([
    ['that does not exist', 'other', token('secret')],
    ['that is a webhook’s', 'read', { kind: 'webhook', secret: new Redacted('secret') } as const],
  ])('a credential %s is asked for by name', async (_what, name, credential) => {
    await credentials.put({ project: 'shop', name }, credential);
    await expect(book.open(place)).rejects.toMatchObject({
      reason: 'CredentialMissing',
      message: expect.stringContaining('flotilla credential set read'),
    });
  });

  it('is another one to write with, and another one for pull requests', async () => {
    const elsewhere = token('secret', 'https://git.example.com');
    await credentials.put({ project: 'shop', name: 'read' }, token('secret'));
    for (const name of ['write', 'host']) await credentials.put({ project: 'shop', name }, elsewhere);
    await expect(book.openToWrite({ ...place, credential: 'write' })).rejects.toMatchObject({
      reason: 'CredentialForOtherOrigin',
    });
    await expect(book.openHost(repository)).rejects.toMatchObject({ reason: 'CredentialForOtherOrigin' });
    await expect(book.openToWrite({ ...place, credential: 'none' })).rejects.toMatchObject({
      reason: 'CredentialMissing',
      message: expect.stringContaining('flotilla credential set none'),
    });
  });

  it('is asked for only where a host is named', async () => {
    const { host: _, ...spec } = repository.document.spec;
    expect(await book.openHost({ ...repository, document: { ...repository.document, spec } })).toBeUndefined();
  });

  it('one of another project is none', async () => {
    await credentials.put({ project: 'other', name: 'read' }, token('secret'));
    await expect(book.open(place)).rejects.toMatchObject({ reason: 'CredentialMissing' });
  });
});
