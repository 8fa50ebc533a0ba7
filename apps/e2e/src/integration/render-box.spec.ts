import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { until } from '@flotilla/testing';
import { boxLimits, runInBox, type BoxLimits } from '@flotilla/workload-render';

const file = (path: string, text: string) => ({ path, content: new TextEncoder().encode(text) });
/** Node is no program of one file, as renderers are: what it is linked with has to come along. */
const libraries = Array.from(
  execFileSync('/usr/bin/ldd', [process.execPath], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g),
  ([, library]) => library!,
);
const script = (text: string, limits: Partial<BoxLimits> = {}, signal?: AbortSignal) =>
  runInBox({
    program: process.execPath,
    words: ['/files/main.js'],
    libraries,
    files: [file('main.js', text), file('deep/input.txt', 'declared')],
    // Node reserves more for itself than a renderer does.
    limits: { ...boxLimits, memoryBytes: 1024 ** 3, ...limits },
    signal,
  });
const missing = (count: number) => Array.from({ length: count }, () => 'ENOENT');
const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`flotilla-render-`));

/** Runs something with another folder for what is temporary. */
async function inTemporary<Result>(folder: string, run: () => Promise<Result>): Promise<Result> {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    return await run();
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

const spaces = ['--user', '--map-current-user', '--net', '--ipc', '--pid', '--fork'];
/** Some machines let nobody but their administrator make namespaces: there is no box on them, and nothing to try in it. */
const isPermitted = spawnSync('/usr/bin/unshare', [...spaces, '/bin/true']).status === 0;
if (!isPermitted) process.stderr.write('no user namespaces here: the box is not tried, only that it refuses\n');

it.skipIf(isPermitted)('AT-13: where the box cannot be built nothing runs, and it says what is missing', async () => {
  const message = expect.stringContaining('needs user namespaces and util-linux');
  expect(await script(`console.log('ran')`)).toEqual({ ok: false, reason: { kind: 'Unavailable', message } });
});

describe.skipIf(!isPermitted)('in a box', () => {
  it('AT-13: a program sees the declared files, and no environment', async () => {
    const before = left();
    const seen = await script(`
      const { readdirSync, readFileSync } = require('node:fs');
      const files = readdirSync('/files', { recursive: true }).sort();
      console.log(JSON.stringify([files, readFileSync('/files/deep/input.txt', 'utf8'), Object.keys(process.env)]));
    `);
    expect(seen).toEqual({
      ok: true,
      value: `${JSON.stringify([['deep', 'deep/input.txt', 'main.js'], 'declared', []])}\n`,
    });
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('AT-13: a program sees nothing else of the disk', async () => {
    const look = `const { readdirSync } = require('node:fs'); console.log(JSON.stringify(readdirSync('/').sort()));
      for (const path of ['/etc/passwd', '/proc/self/environ', '/dev/zero', '../../../etc/passwd'])
        try { require('node:fs').openSync(path); console.log(path); } catch (error) { console.log(error.code); }`;
    const seen = await script(look);
    const own = new Set([process.execPath, ...libraries, '/files'].map((path) => path.split('/')[1]!));
    expect(seen).toEqual({ ok: true, value: [JSON.stringify([...own].toSorted()), ...missing(4), ''].join('\n') });
  });

  it('AT-13: nothing that listens outside hears of it', async () => {
    let connections = 0;
    const server = createServer(() => connections++).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const tried = await script(
      `require('node:net').connect(${port}, '127.0.0.1').on('error', (e) => console.log(e.code)).on('connect', () => process.exit(0));`,
    );
    server.close();
    expect([tried, connections]).toEqual([{ ok: true, value: 'ENETUNREACH\n' }, 0]);
  });

  it.each([
    ['that never ends', 'for (;;);', { timeMs: 700 }, 'TooSlow', 'was not done after 700 ms'],
    [
      'that prints for ever',
      `for (;;) require('fs').writeSync(1, 'x'.repeat(4096));`,
      { outputBytes: 100_000 },
      'TooLarge',
      'printed more than 100000 bytes',
    ],
    [
      'that eats memory',
      'const a = []; while (a.length < 24) a.push(Buffer.alloc(1 << 26, 1));',
      {},
      'TooLarge',
      'needed more than 1024 MiB of memory',
    ],
    ['that fails', `console.error('no such chart'); process.exit(3);`, {}, 'Failed', 'no such chart'],
  ])('AT-13: a program %s is stopped, and its folder goes', async (_, text, limits, kind, message) => {
    const before = left();
    expect(await script(text, limits)).toEqual({ ok: false, reason: { kind, message } });
    expect(left().filter((name) => !before.includes(name))).toEqual([]);
  });

  it('AT-13: a program is ended when nobody wants its output any more, or is not begun', async () => {
    const [over, begun] = [AbortSignal.abort(), new AbortController()];
    const running = script('for (;;);', {}, begun.signal);
    begun.abort();
    const reason = { kind: 'Cancelled', message: 'was ended, because nobody wants it any more' };
    expect([await running, await script('console.log(1)', {}, over)]).toEqual([
      { ok: false, reason },
      { ok: false, reason },
    ]);
  });

  it('a program that somebody else kills may be run again, and it says what it looks like', async () => {
    const word = `flotilla-killed-${process.pid}`;
    const running = script(`process.title = '${word}'; for (;;);`);
    const found = await until(() => pids().find((pid) => commandLine(pid).startsWith(word)), { what: 'the program' });
    process.kill(Number(found), 'SIGKILL');
    const message = 'was killed before it was done, as a machine does that runs out of memory';
    expect(await running).toEqual({ ok: false, reason: { kind: 'TooSlow', message } });
  });

  it('AT-13: what a killed agent left behind goes with the next render', async () => {
    const [old, young] = ['old', 'young'].map((name) => join(tmpdir(), `flotilla-render-${name}-${process.pid}`));
    for (const folder of [old!, young!]) mkdirSync(join(folder, 'files'), { recursive: true, mode: 0o500 });
    const hoursAgo = new Date(Date.now() - 7_200_000);
    utimesSync(old!, hoursAgo, hoursAgo);
    await script('console.log(1)');
    const stand = [existsSync(old!), existsSync(young!)];
    rmSync(young!, { recursive: true });
    expect(stand).toEqual([false, true]);
  });

  it('where there is no room for a box nothing runs, and the machine is at fault', async () => {
    const message = expect.stringContaining('there is no room for what is to be rendered');
    const ran = await inTemporary('/nowhere', () => script('console.log(1)'));
    expect(ran).toEqual({ ok: false, reason: { kind: 'Unavailable', message } });
  });

  it('a program is copied once for all, to where nobody else can put another one', async () => {
    const own = mkdtempSync(join(tmpdir(), 'flotilla-test-'));
    const copies = join(own, `flotilla-programs-${process.getuid!()}`);
    const run = () => inTemporary(own, () => script('console.log(1)'));
    const [first, files] = [(await run()).ok, readdirSync(copies)];
    const [second, after] = [(await run()).ok, readdirSync(copies)];
    chmodSync(copies, 0o777);
    const open = await run();
    rmSync(own, { recursive: true });
    expect([first, second, files.length, after, open]).toEqual([
      true,
      true,
      libraries.length + 1,
      files,
      { ok: false, reason: { kind: 'Unavailable', message: expect.stringContaining('is not ours alone') } },
    ]);
  });

  it('AT-13: what a program has started ends with it', async () => {
    const word = `flotilla-box-${process.pid}`;
    const started = await script(
      `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '${word}'], { detached: true, stdio: 'ignore' }).unref(); for (;;);`,
      { timeMs: 1500 },
    );
    expect([started.ok, commandLines().filter((line) => line.includes(word) && line.includes('setInterval'))]).toEqual([
      false,
      [],
    ]);
  });

  it.each(['../out', '/etc/passwd', 'a/../../b', 'a//b', './a', ''])(
    'AT-12: an input is never written to %j',
    async (path) => {
      await expect(runInBox({ program: '/bin/true', words: [], files: [file(path, 'x')] })).rejects.toThrow(
        'may not be named',
      );
    },
  );
});

function commandLines(): string[] {
  return pids().map((pid) => commandLine(pid));
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
