import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { narrowingPrefix } from '../migrate.ts';

const folder = new URL('.', import.meta.url).pathname;
const files = globSync('*.ts', { cwd: folder }).filter((file) => !file.endsWith('.spec.ts'));

/** What takes away, or makes needed, what a service of the version before reads or writes. */
const narrowing: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['drops a table', /\bDROP\s+TABLE\b/i],
  ['drops a column', /\bDROP\s+(COLUMN\b|(?!CONSTRAINT|DEFAULT|NOT|INDEX|TABLE|EXPRESSION|IDENTITY)\w+\s*[,;`])/i],
  ['renames', /\bRENAME\b/i],
  ['changes a type', /\bALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE\b/i],
  ['makes a column needed', /\bSET\s+NOT\s+NULL\b/i],
  [
    'adds a column that is needed and has no default',
    /\bADD\s+(COLUMN\s+)?(IF\s+NOT\s+EXISTS\s+)?\w+\s+(?![^,;]*\bDEFAULT\b)[^,;]*\bNOT\s+NULL\b/i,
  ],
  ['empties a table', /\bTRUNCATE\b/i],
];

/** What a migration does going forward; the way back is for people. */
function forward(text: string): string {
  return text.replace(/async down\([\s\S]*$/, '');
}

function narrowingIn(text: string): string[] {
  return narrowing.filter(([, pattern]) => pattern.test(forward(text))).map(([what]) => what);
}

describe('AT-41 two versions of the services live on one database while replicas are replaced', () => {
  it.each(files)('%s only adds, or says by its name that the version before cannot live with it', (file) => {
    const text = readFileSync(`${folder}${file}`, 'utf8');
    const isNamedSo = text.includes(`class ${narrowingPrefix}`);
    expect(isNamedSo ? [] : narrowingIn(text)).toEqual([]);
  });

  it.each([
    ['ALTER TABLE target DROP COLUMN entry', 'drops a column'],
    ['ALTER TABLE target DROP entry;', 'drops a column'],
    ['DROP TABLE target', 'drops a table'],
    ['ALTER TABLE target RENAME COLUMN entry TO content', 'renames'],
    ['ALTER TABLE target ALTER COLUMN entry TYPE text', 'changes a type'],
    ['ALTER TABLE target ALTER entry SET NOT NULL', 'makes a column needed'],
    ['ALTER TABLE target ADD COLUMN color text NOT NULL', 'adds a column that is needed and has no default'],
    ['TRUNCATE target', 'empties a table'],
  ])('%s is found', (sql, what) => {
    expect(narrowingIn(sql)).toEqual([what]);
  });

  it.each([
    'ALTER TABLE target ADD COLUMN color text',
    `ALTER TABLE target ADD COLUMN color text NOT NULL DEFAULT ''`,
    'CREATE TABLE t (a text NOT NULL)',
    'DROP INDEX target_place',
  ])('%s is allowed', (sql) => {
    expect(narrowingIn(sql)).toEqual([]);
  });

  it('each has a name of its own, with the moment first', () => {
    const moments = files.map((file) => basename(file).split('-')[0]!);
    expect([new Set(moments).size, moments.every((moment) => /^\d{13}$/.test(moment))]).toEqual([files.length, true]);
  });
});
