import { chmod, readFile, readdir, stat } from 'node:fs/promises';
import { createIds, Redacted } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../testing/temp-folder.ts';
import { configPath, exposureOf, readConfig, writeConfig } from './config-file.ts';

describe('the place of the configuration', () => {
  it.each([
    [{ FLOTILLA_CONFIG: '/a/b.json', XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/a/b.json'],
    [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, '/x/flotilla/config.json'],
    [{ HOME: '/h' }, '/h/.config/flotilla/config.json'],
  ])('%j is %s', (environment, path) => expect(configPath(environment)).toBe(path));
});

describe('keeping contexts', () => {
  const config = {
    currentContext: 'demo',
    contexts: [
      { name: 'demo', server: 'https://demo.example.org', token: new Redacted('demo-token'), project: 'shop' },
    ],
  };

  it('reads what it wrote, in a file that is its owner’s alone, and leaves nothing beside it', async () => {
    await using folder = await tempFolder();
    const path = folder.file('deep/config.json');
    await writeConfig(path, config, createIds());
    const { mode } = await stat(path);
    expect([mode & 0o777, await readdir(folder.file('deep'))]).toEqual([0o600, ['config.json']]);
    const read = await readConfig(path);
    expect([read.currentContext, read.contexts[0]?.token?.reveal()]).toEqual(['demo', 'demo-token']);
  });

  it('makes a file that others could read its owner’s alone again', async () => {
    await using folder = await tempFolder({ 'config.json': '{"contexts":[]}' });
    const path = folder.file('config.json');
    await chmod(path, 0o644);
    expect(await exposureOf(path)).toMatch(/mend it with: chmod 600 /);
    await writeConfig(path, config, createIds());
    expect(await exposureOf(path)).toBeUndefined();
  });

  it('is empty when there is no file yet', async () => {
    expect(await readConfig('/nonexistent/config.json')).toEqual({ contexts: [] });
  });

  it.each([
    ['half a file', '{"contexts": [{"token": "s3cret"', /config\.json: it is not a JSON object; mend it/],
    ['a list', '[]', /it has no list `contexts`/],
    ['no contexts', '{}', /it has no list `contexts`/],
    ['a context without a server', '{"contexts": [{"name": "a"}]}', /contexts\[0\]: it needs a `name` and a `server`/],
  ])('refuses %s with its place, and repeats none of it', async (_, text, message) => {
    await using folder = await tempFolder({ 'config.json': text });
    const path = folder.file('config.json');
    const refusal = await readConfig(path).catch((error: Error) => error.message);
    expect(refusal).toMatch(message);
    expect(refusal).not.toContain('s3cret');
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});
