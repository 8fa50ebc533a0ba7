import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../testing/temp-folder.ts';
import { chooseSettings } from './settings.ts';

const config = JSON.stringify({
  currentContext: 'demo',
  contexts: [
    { name: 'demo', server: 'https://demo.example.org', token: 'demo-token', project: 'shop' },
    { name: 'prod', server: 'https://prod.example.org', token: 'prod-token' },
  ],
});

async function chosen(flags: Parameters<typeof chooseSettings>[0], environment: Record<string, string> = {}) {
  await using folder = await tempFolder({ 'config.json': config, 'token.txt': 'file-token\n' });
  const given = flags.tokenFile === undefined ? flags : { ...flags, tokenFile: folder.file(flags.tokenFile) };
  const { server, token, project } = await chooseSettings(given, {
    FLOTILLA_CONFIG: folder.file('config.json'),
    ...environment,
  });
  return [server, token?.reveal(), project];
}

const surrounding = {
  FLOTILLA_SERVER: 'https://env.example.org',
  FLOTILLA_TOKEN: 'env-token',
  FLOTILLA_PROJECT: 'env',
};

describe('which control plane a call is for', () => {
  it.each([
    ['the current context', {}, {}, ['https://demo.example.org', 'demo-token', 'shop']],
    ['the environment before it', {}, surrounding, ['https://env.example.org', 'env-token', 'env']],
    [
      'a context of the environment',
      {},
      { FLOTILLA_CONTEXT: 'prod' },
      ['https://prod.example.org', 'prod-token', 'default'],
    ],
    [
      'a context of a flag before the environment',
      { context: 'prod' },
      surrounding,
      ['https://prod.example.org', 'prod-token', 'env'],
    ],
    [
      'flags before everything',
      { server: 'https://flag.example.org', project: 'flag', tokenFile: 'token.txt' },
      surrounding,
      ['https://flag.example.org', 'file-token', 'flag'],
    ],
    [
      'a path, without the slash at its end',
      { server: 'https://a.example.org/fleet/' },
      {},
      ['https://a.example.org/fleet', undefined, 'shop'],
    ],
  ])('is told by %s', async (_, flags, environment, expected) => {
    expect(await chosen(flags, environment)).toEqual(expected);
  });

  it.each([
    ['a flag', { server: 'https://evil.example.org' }, {}],
    ['the environment', {}, { FLOTILLA_SERVER: 'https://evil.example.org' }],
    ['another port', { server: 'https://demo.example.org:8443' }, {}],
    ['another scheme', { server: 'http://demo.example.org' }, {}],
  ])("never sends a context's token to a server that comes from %s", async (_, flags, environment) => {
    const [, token] = await chosen(flags, environment);
    expect(token).toBeUndefined();
  });

  it('says that a token stays here, and why', async () => {
    await using folder = await tempFolder({ 'config.json': config });
    await chmod(folder.file('config.json'), 0o600);
    const environment = { FLOTILLA_CONFIG: folder.file('config.json') };
    const { warnings } = await chooseSettings({ server: 'https://other.example.org' }, environment);
    expect(warnings).toEqual([
      'the token of the context is for https://demo.example.org, and is not sent to https://other.example.org; ' +
        'give another with --token-file',
    ]);
  });

  it.each([
    [
      'no server at all',
      {},
      { FLOTILLA_CONFIG: '/nonexistent/config.json' },
      /^no control plane is named; give --server URL/,
    ],
    ['a word', { server: 'demo' }, {}, /^`demo` is not the address of a control plane/],
    ['another scheme', { server: 'ftp://demo.example.org' }, {}, /is not the address of a control plane/],
    [
      'a password in the address',
      { server: 'https://me:secret@demo.example.org' },
      {},
      /^the server address must not carry a user/,
    ],
    ['a context with a slip', { context: 'prood' }, {}, /has no context prood; did you mean prod\?$/],
    [
      'a token file that is not there',
      { tokenFile: 'nothing.txt' },
      {},
      /^the token file .*nothing\.txt cannot be read/,
    ],
  ])('refuses %s, and says the way out', async (_, flags, environment, message) => {
    await expect(chosen(flags, environment)).rejects.toThrow(message);
  });

  it('warns of a token that travels in the open, but not on this machine', async () => {
    const warnings = async (server: string) =>
      (await chooseSettings({ server }, { FLOTILLA_CONFIG: '/nonexistent/c.json', FLOTILLA_TOKEN: 't' })).warnings;
    expect(await warnings('http://flotilla.example.org')).toEqual([
      'the token travels to http://flotilla.example.org in the open; anybody on the way can read it. Use https',
    ]);
    expect(await warnings('http://127.0.0.1:8080')).toEqual([]);
  });
});
