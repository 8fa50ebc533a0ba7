import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '@flotilla/testing';
import { openShell, type StoryShell } from './story-shell.ts';

let place: TemporaryDirectory;
let shell: StoryShell;
let shown: string;
const leaving = new AbortController();

beforeEach(async () => {
  shown = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((shown += String(text)), true));
  place = await temporaryDirectory('shell');
  shell = await openShell({ folder: place.path, environment: { WHO: 'me' }, signal: leaving.signal });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await place.remove();
});

describe('the shell of the story', () => {
  it('shows what is typed with what it answers, and gives only what is data', async () => {
    const said = await shell.type('echo "hello $WHO"; echo aside >&2');
    expect([said, shown.split('\n').toSorted()]).toEqual([
      'hello me\n',
      ['', '$ echo "hello $WHO"; echo aside >&2', 'aside', 'hello me'].toSorted(),
    ]);
  });

  it('keeps what it asks to itself, and stays in the folder that it entered', async () => {
    await shell.ask('mkdir shop');
    shell.enter('shop');
    expect([await shell.ask('basename "$PWD"'), shown]).toEqual(['shop', '']);
  });

  it('ends the story at a command that fails, unless that is an answer', async () => {
    await expect(shell.type('exit 3')).rejects.toThrow('`exit 3` ended with exit code 3');
    expect(await shell.type('echo differs; exit 1', [1])).toBe('differs\n');
    await expect(shell.type('exit 0', [1])).rejects.toThrow('`exit 0` ended with exit code 0');
  });

  it('ends what it runs when the person leaves', async () => {
    const running = shell.type('sleep 600');
    leaving.abort();
    await expect(running).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
