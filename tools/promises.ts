/**
 * `npm run promises`: writes into docs/security.md how many tests held each promise in the last whole `npm test`, and
 * when that was. With `--check`: each promise stands on that page once, and the acceptance tests it names exist.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { lastRunFile, type LastRun } from './last-run.ts';

/** One line of a table of promises: `| P1 | what | held by | last run |`; those not made yet have no last two cells. */
interface Promised {
  readonly id: string;
  readonly cells: readonly string[];
  readonly line: string;
}

const page = 'docs/security.md';
const text = readFileSync(page, 'utf8');
const [now = '', notYet = ''] = text.split(/^## Not yet$/m);
const held = promisesIn(now);
const known = 18;

if (process.argv.includes('--check')) check();
else rewrite();

function promisesIn(part: string): Promised[] {
  return [...part.matchAll(/^\| (P\d+) \|(.*)\|$/gm)].map(([line, id, rest]) => ({
    id: id!,
    cells: rest!.split('|').map((cell) => cell.trim()),
    line,
  }));
}

/** The acceptance tests that a promise names; ranges are written out on the page, so that a search finds them. */
function testsOf({ cells }: Promised): string[] {
  return [...(cells[1] ?? '').matchAll(/AT-\d\d/g)].map(([id]) => id);
}

function check(): void {
  const specs = globSync('{apps,libs,tools}/**/*.spec.{ts,tsx}', { exclude: ['**/node_modules/**', '**/dist/**'] });
  const titles = specs.map((file) => readFileSync(file, 'utf8')).join('\n');
  const ids = [...held, ...promisesIn(notYet)].map(({ id }) => id);
  const all = Array.from({ length: known }, (_, index) => `P${index + 1}`);
  const wrong = [
    ...all.filter((id) => ids.filter((each) => each === id).length !== 1).map((id) => `${id}: stands there not once`),
    ...held.flatMap((promise) =>
      testsOf(promise)
        .filter((test) => !titles.includes(test))
        .map((test) => `${promise.id}: names ${test}, and no test is called that`),
    ),
    ...held.filter((promise) => testsOf(promise).length === 0).map(({ id }) => `${id}: names no acceptance test`),
  ];
  if (wrong.length === 0) return;
  console.log(wrong.map((each) => `${page}, ${each}`).join('\n'));
  process.exitCode = 1;
}

function rewrite(): void {
  if (!existsSync(lastRunFile)) {
    console.error('no whole run of the tests is on record; run `npm test` first, without words');
    process.exitCode = 1;
    return;
  }
  const run = JSON.parse(readFileSync(lastRunFile, 'utf8')) as LastRun;
  const written = held.reduce((page_, promise) => page_.replace(promise.line, counted(promise, run)), text);
  writeFileSync(page, written);
}

function counted(promise: Promised, run: LastRun): string {
  const passed = testsOf(promise).reduce((sum, id) => sum + (run.passed[id] ?? 0), 0);
  const [what, by] = promise.cells;
  return `| ${promise.id} | ${what} | ${by} | ${passed} passed, ${run.day} |`;
}
