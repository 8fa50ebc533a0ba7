import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redacted, systemClock } from '@flotilla/foundation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import { parseRemoteUrl } from '../http/remote-url.ts';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { CliGitRemote } from './cli-git-remote.ts';
import { commandFault, spokeVersion2 } from './command-fault.ts';
import { gitEnvironment } from './git-environment.ts';
import { parseLsRemote } from './parse-ls-remote.ts';
import { runCommand } from './run-command.ts';

const url = 'https://git.example.org/shop.git';
const id = (digit: string) => digit.repeat(40);
let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flotilla-cli-'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('what git says when it fails', () => {
  it.each([
    [`fatal: remote error: upload-pack: not our ref ${id('1')}`, 'GitCommitNotFound'],
    [`fatal: Authentication failed for '${url}/'`, 'GitCredentialsRefused'],
    [
      `fatal: could not read Username for 'https://git.example.org': terminal prompts disabled`,
      'GitCredentialsRefused',
    ],
    [`fatal: unable to access '${url}/': The requested URL returned error: 403`, 'GitCredentialsRefused'],
    [`fatal: repository '${url}/' not found`, 'GitRepositoryNotFound'],
    [`fatal: unable to access '${url}/': The requested URL returned error: 302`, 'GitRedirectRefused'],
    [`fatal: unable to access '${url}/': The requested URL returned error: 429`, 'GitHostBusy'],
    [`fatal: unable to access '${url}/': The requested URL returned error: 502`, 'GitHostFailed'],
    [`fatal: unable to access '${url}/': Could not resolve host: git.example.org`, 'GitHostUnreachable'],
    [`fatal: unable to access '${url}/': server certificate verification failed.`, 'GitTlsRefused'],
    [`fatal: unable to access '${url}/': Operation too slow.`, 'GitTimeout'],
    [`fatal: ${url}/info/refs not valid: is this a git repository?`, 'GitAnswerNotGit'],
    ['fatal: mismatched algorithms: client sha1; server sha256', 'GitObjectFormatUnsupported'],
    ['error: RPC failed; curl 18 transfer closed with outstanding read data remaining', 'GitPackTruncated'],
    ['fatal: something new', 'GitCommandFailed'],
  ])('%s', (errors, reason) => {
    expect(commandFault(`{"event":"version"}\n${errors}\n`, url)).toMatchObject({ reason, subject: url });
  });

  it('is made printable, and free of its trace', () => {
    expect(commandFault('{"event":"start"}\nfatal: \u001b[31mnew\n', url).message).toBe(
      `git cannot read ${url}: fatal: \\u{1b}[31mnew`,
    );
  });

  it('tells whether the host spoke version 2', () => {
    const trace = '{"event":"data","category":"transfer","key":"negotiated-version","value":"2"}';
    expect([spokeVersion2(`{"event":"start"}\n${trace}\n`), spokeVersion2('{"event":"start"}')]).toEqual([true, false]);
  });
});

describe('what git sees of the world', () => {
  it('is one remote, a credential that is bound to it, and nothing of this machine', () => {
    const environment: Record<string, string | undefined> = gitEnvironment({
      url: parseRemoteUrl(url),
      credentials: { kind: 'bearer', token: new Redacted('hunter2') },
      addresses: ['93.184.216.34', '[2606:2800:220:1::1]'],
      caFile: '/etc/ca.pem',
      home: '/data/mirror',
    });
    const settings = Array.from({ length: Number(environment['GIT_CONFIG_COUNT']) }, (_, index) => [
      environment[`GIT_CONFIG_KEY_${index}`],
      environment[`GIT_CONFIG_VALUE_${index}`],
    ]);
    expect(Object.fromEntries(settings)).toEqual({
      'remote.origin.url': url,
      'remote.origin.fetch': '',
      'protocol.version': '2',
      'http.followRedirects': 'false',
      'http.lowSpeedLimit': '1',
      'http.lowSpeedTime': '30',
      'credential.helper': '',
      'http.https://git.example.org/.extraHeader': 'Authorization: Bearer hunter2',
      'http.curloptResolve': 'git.example.org:443:93.184.216.34,[2606:2800:220:1::1]',
      'http.sslCAInfo': '/etc/ca.pem',
    });
    expect(environment).toMatchObject({
      HOME: '/data/mirror',
      GIT_ALLOW_PROTOCOL: 'https',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
    });
    expect(Object.keys(environment).filter((name) => !/^(GIT_|PATH$|HOME$|LC_ALL$)/.test(name))).toEqual([]);
  });
});

describe('a listing of refs', () => {
  const listing = [
    'ref: refs/heads/main\tHEAD',
    `${id('a')}\tHEAD`,
    `${id('a')}\trefs/heads/main`,
    `${id('b')}\trefs/tags/v1`,
    `${id('a')}\trefs/tags/v1^{}`,
    '',
  ].join('\n');

  it('is read with tags peeled', () => {
    expect(parseLsRemote(listing, gitLimits)).toEqual([
      { name: 'HEAD', commit: id('a'), target: 'refs/heads/main' },
      { name: 'refs/heads/main', commit: id('a') },
      { name: 'refs/tags/v1', commit: id('a'), tag: id('b') },
    ]);
  });

  it('AT-21 has a bound', () => {
    expect(() => parseLsRemote(listing, { ...gitLimits, refsMax: 2 })).toThrow(/more than 2 refs/);
  });
});

describe('a command', () => {
  it('gives what it printed, and whether it succeeded', async () => {
    expect(await shell('echo out; echo err >&2')).toEqual({ succeeded: true, output: 'out\n', errors: 'err\n' });
    expect(await shell('exit 3')).toEqual({ succeeded: false, output: '', errors: '' });
  });

  it('that is cancelled goes with all that it started', async () => {
    const pidFile = join(scratch, 'pid');
    const leaving = new AbortController();
    const running = faultOf(shell(`sleep 1000 & echo $! > ${pidFile}; wait`, leaving.signal));
    await expect.poll(() => readFile(pidFile, 'utf8').catch(() => '')).toMatch(/\n/);
    const started = (await readFile(pidFile, 'utf8')).trim();
    expect(await isRunning(started)).toBe(true);
    leaving.abort();
    expect((await running).reason).toBe('GitCancelled');
    await expect.poll(() => isRunning(started)).toBe(false);
  });

  it('AT-21 that prints without an end is stopped', async () => {
    expect((await faultOf(shell('yes'))).reason).toBe('GitPackTooLarge');
  });

  it('that is not installed says so', async () => {
    const remote = cliRemote(url, { program: '/nonexistent/git', addressless: true });
    expect(await faultOf(remote.listRefs({}))).toEqual({ reason: 'GitCommandMissing', follows: 'stall' });
    expect(await faultOf(remote.pull({ commit: id('1'), paths: [], files: false }))).toEqual({
      reason: 'GitCommandMissing',
      follows: 'stall',
    });
  });

  it.each([
    'https://169.254.169.254/x.git',
    'https://[fe80::1]/x.git',
    'https://0xA9FEA9FE/x.git',
    'https://10.0.0.1/x.git',
  ])('AT-17 is not even started for %s', async (hostile) => {
    const remote = cliRemote(hostile, { program: '/nonexistent/git' });
    expect((await faultOf(remote.listRefs({}))).reason).toBe('GitAddressRefused');
  });
});

function cliRemote(
  remoteUrl: string,
  { program, addressless }: { program: string; addressless?: boolean },
): CliGitRemote {
  return new CliGitRemote({
    url: addressless ? 'http://127.0.0.1:1/shop.git' : remoteUrl,
    store: new InMemoryObjectStore({ bytesMax: 10_000 }),
    directory: join(scratch, 'mirror'),
    mirrorBytesMax: 1_000_000,
    privateNetworks: 'refuse',
    clock: systemClock,
    program,
  });
}

function shell(script: string, signal = new AbortController().signal) {
  const environment = { PATH: process.env['PATH'] ?? '' };
  return runCommand({ program: 'sh', args: ['-c', script], environment, outputBytesMax: 10_000, signal });
}

/** The state of a process in the words of `ps`; one that is dead, buried or not, runs no more. */
async function isRunning(pid: string): Promise<boolean> {
  const { output } = await shell(`ps -o stat= -p ${pid}`);
  return output.trim() !== '' && !output.startsWith('Z');
}
