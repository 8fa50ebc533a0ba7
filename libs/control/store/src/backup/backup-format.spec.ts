import { describe, expect, it } from 'vitest';
import { writtenBackup } from '../testing/written-backup.ts';
import { checkBackup } from './backup-format.ts';

const lines = [...writtenBackup(['First'], { cluster: [{ uid: 'a' }, { uid: 'b' }], epoch: [{ epoch: 1 }] })];

async function* streamed(of: readonly string[]): AsyncGenerator<string> {
  yield* of;
}

const checked = (of: readonly string[]) => checkBackup(streamed(of));
const changed = (index: number, text: string) => lines.map((line, at) => (at === index ? text : line));

describe('a backup', () => {
  it('says what it holds', async () => {
    const { tables, migrations, takenAt } = await checked(lines);
    expect([migrations, takenAt, tables.map(({ name, rows }) => [name, rows])]).toEqual([
      ['First'],
      '2026-01-01T00:00:00.000Z',
      [
        ['cluster', 2],
        ['epoch', 1],
      ],
    ]);
  });

  it.each([
    ['cut off anywhere', lines.slice(0, 3), 'BackupBroken', /its end is missing/],
    ['without its last table', [...lines.slice(0, 4), lines.at(-1)!], 'BackupBroken', /not what was written/],
    ['with a row less', lines.toSpliced(2, 1), 'BackupBroken', /table cluster is not what was written/],
    ['with a row changed', changed(2, '{"uid":"c"}'), 'BackupBroken', /table cluster is not what was written/],
    ['with rows in another order', lines.toSpliced(2, 2, lines[3]!, lines[2]!), 'BackupBroken', /table cluster/],
    ['with its head changed', changed(0, lines[0]!.replace('0.1.0', '0.2.0')), 'BackupBroken', /its lines/],
    ['with something in between', lines.toSpliced(2, 0, 'hello'), 'BackupBroken', /a line that no backup has/],
    ['of another program', ['-- PostgreSQL database dump'], 'NotABackup', /does not begin as a backup does/],
    ['of a format to come', changed(0, lines[0]!.replace('"format":1', '"format":2')), 'NotABackup', /format/],
    ['without anything', [], 'NotABackup', /it is empty/],
  ])('%s is refused, and says why', async (_what, of, reason, message) => {
    await expect(checked(of)).rejects.toMatchObject({ reason, message: expect.stringMatching(message) });
  });
});
