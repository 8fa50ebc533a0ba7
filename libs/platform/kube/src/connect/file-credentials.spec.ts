import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@flotilla/foundation/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fileCredentials } from './file-credentials.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-kube-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('credentials in files', () => {
  it('are read again after a while, since a kubelet replaces them', async () => {
    const clock = new VirtualClock();
    const token = join(await folder(), 'token');
    await writeFile(token, 'first\n');
    const credentials = fileCredentials({ token: { file: token }, ca: { text: 'CA' }, headers: { x: 'y' } }, clock);
    const tls = { ca: 'CA', cert: undefined, key: undefined };
    expect(await credentials()).toEqual({ headers: { x: 'y', authorization: 'Bearer first' }, tls });
    await writeFile(token, 'second\n');
    expect((await credentials()).headers['authorization']).toBe('Bearer first');
    await clock.advance(30_000);
    expect((await credentials()).headers['authorization']).toBe('Bearer second');
  });

  it('stay in use while their file is away, and are read again when it is back', async () => {
    const clock = new VirtualClock();
    const token = join(await folder(), 'token');
    await writeFile(token, 'first');
    const credentials = fileCredentials({ token: { file: token } }, clock);
    await credentials();
    await rm(token);
    await clock.advance(30_000);
    expect((await credentials()).headers['authorization']).toBe('Bearer first');
    await writeFile(token, 'second');
    await clock.advance(30_000);
    expect((await credentials()).headers['authorization']).toBe('Bearer second');
  });

  it('that were never there are a fault that names the file', async () => {
    const file = join(await folder(), 'nothing');
    await expect(fileCredentials({ token: { file } }, new VirtualClock())()).rejects.toMatchObject({
      code: 'unauthenticated',
      reason: 'CredentialsUnreadable',
      message: expect.stringContaining(file),
      consequence: { kind: 'retry' },
    });
  });
});
