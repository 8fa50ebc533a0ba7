import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where a whole run of the tests leaves what it counted; not a part of the tree. */
export const lastRunFile = 'dist/last-tests.json';

/** How many tests passed under each acceptance test's number, in the last run of all tests that had no failure. */
export interface LastRun {
  readonly day: string;
  readonly passed: Readonly<Record<string, number>>;
}

/** One test as the runner tells of it. */
export interface RanTest {
  readonly fullName: string;
  readonly status: string;
}

/** Counts each test under every number in its name: a title may hold two. */
export function countByNumber(tests: readonly RanTest[]): Record<string, number> {
  const passed: Record<string, number> = {};
  for (const { fullName, status } of tests) {
    if (status !== 'passed') continue;
    for (const id of new Set(fullName.match(/AT-\d\d/g))) passed[id] = (passed[id] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(passed).toSorted(([one], [other]) => one.localeCompare(other)));
}

/** Keeps what a whole run counted, for `npm run promises`. */
export function keepLastRun(run: LastRun): void {
  mkdirSync(dirname(lastRunFile), { recursive: true });
  writeFileSync(lastRunFile, JSON.stringify(run, undefined, 2));
}
