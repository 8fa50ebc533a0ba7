import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile as put } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBackup } from '@flotilla/control-store';
import { writtenBackup } from '@flotilla/control-store/testing';
import { readLines, writeFile } from './backup-file.ts';
import { runBackup } from './run-backup.ts';

// A line separator of Unicode is no end of a line, and a row may be longer than any buffer.
const rows = [{ uid: 'a\u2028b' }, { uid: 'x'.repeat(200_000) }, ...Array.from({ length: 400 }, (_, uid) => ({ uid }))];
const lines = [...writtenBackup(['First'], { cluster: rows })];

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  path = join(folder, 'flotilla.backup');
});
afterEach(() => rm(folder, { recursive: true }));

async function* written(count = lines.length): AsyncGenerator<string> {
  for (const line of lines.slice(0, count)) yield `${line}\n`;
  if (count < lines.length) throw new Error('the database went away');
}

const check = () => checkBackup(readLines(path));

describe('a backup file', () => {
  it('holds every line as it was, for nobody else to read', async () => {
    await writeFile(path, written());
    const read: string[] = [];
    for await (const line of readLines(path)) read.push(line);
    expect([read, (await stat(path)).mode & 0o777]).toEqual([lines, 0o600]);
  });

  it('is there only once it is whole', async () => {
    await expect(writeFile(path, written(100))).rejects.toThrow('the database went away');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves the one before in place when it cannot be written', async () => {
    await writeFile(path, written());
    await expect(writeFile(path, written(1))).rejects.toThrow('the database went away');
    expect((await check()).tables).toHaveLength(1);
  });

  it('is refused wherever it was cut off', async () => {
    await writeFile(path, written());
    const { size } = await stat(path);
    for (let share = 19; share >= 0; share--) {
      await truncate(path, Math.floor((size * share) / 20));
      await expect(check()).rejects.toMatchObject({
        code: 'invalid',
        message: expect.stringMatching(/nothing was changed/),
      });
    }
  });

  it('is refused wherever a bit flipped', async () => {
    await writeFile(path, written());
    const whole = await readFile(path);
    // The first ten bytes are gzip's own, and some of them mean nothing.
    for (let part = 0; part < 60; part++) {
      const flipped = Buffer.from(whole);
      flipped[10 + Math.floor(((whole.length - 10) * part) / 60)]! ^= 1 << (part % 8);
      await put(path, flipped);
      await expect(check(), `byte of part ${part}`).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it.each([
    ['another program', '-- PostgreSQL database dump\n', /it is no compressed file/],
    ['nothing', '', /no backup of Flotilla: it is empty|it ends in the middle/],
  ])('of %s is refused by name', async (_what, text, message) => {
    await put(path, text);
    await expect(check()).rejects.toThrow(message);
  });

  it('that is not there is said to be missing', async () => {
    await expect(check()).rejects.toThrow(/there is no such file/);
  });
});

describe('the command', () => {
  const run = async (...words: string[]) => {
    const printed: string[] = [];
    const databaseUrl = () => {
      throw new Error('no database was needed');
    };
    await runBackup(words, {
      databaseUrl,
      clock: { now: () => 0, sleep: async () => undefined },
      print: (line) => printed.push(line),
    });
    return printed;
  };

  it('checks a file without a database, and says what is not in it', async () => {
    await writeFile(path, written());
    const [whole, ...missing] = await run('check', path);
    expect(whole).toBe(
      `${path} is whole: 402 rows of 1 tables, as they were at 2026-01-01T00:00:00.000Z; Flotilla 0.1.0`,
    );
    expect(missing.join('\n')).toContain('not in it: SEAL_KEY');
  });

  it.each([[[]], [['write']], [['toString', 'x']], [['check', 'a', 'b']]])('says how it is used: %j', async (words) => {
    await expect(run(...words)).rejects.toThrow(/^usage:/);
  });
});
