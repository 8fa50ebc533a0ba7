/**
 * `npm test [-- WORDS or FILES]`: unit, simulation, integration and end to end, on real parts. A word is looked for in
 * the names of tests (`npm test -- AT-10`), something with a slash in the names of files.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countByNumber, keepLastRun, type RanTest } from './last-run.ts';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly RanTest[] }[];
}

const words = process.argv.slice(2);
const files = words.filter((word) => word.includes('/') || word.endsWith('.ts'));
const names = words.filter((word) => !files.includes(word));

installApiServer();
if (words.length === 0) installDeployPrograms();
const folder = mkdtempSync(join(tmpdir(), 'flotilla-test-'));
const report = join(folder, 'results.json');
const ran = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '-c',
    'tools/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(names.length > 0 ? ['-t', names.map(escaped).join('|')] : []),
    ...files,
  ],
  { stdio: 'inherit' },
);
const { passed, failed, skipped, tests } = counted();
rmSync(folder, { recursive: true, force: true });
if (words.length === 0 && failed === 0)
  keepLastRun({ day: new Date().toISOString().slice(0, 10), passed: countByNumber(tests) });
if (skipped > 0 && words.length === 0) console.log(`${skipped} skipped; the lines above say why`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(ran.status === 0 && failed === 0 ? 0 : 1);

/** A real kube-apiserver for the suites that need one; where none can be had, one line says so and the rest runs. */
function installApiServer(): void {
  const installed = spawnSync(process.execPath, ['tools/envtest/install.ts'], { stdio: 'inherit' });
  if (installed.status !== 0) console.log('going on without a real kube-apiserver: suites that need one are skipped');
}

/** helm, kustomize and promtool for rendering and for what is deployed: minutes of building, once, for a run of everything. */
function installDeployPrograms(): void {
  const installed = spawnSync(process.execPath, ['tools/deploy-programs/install.ts'], { stdio: 'inherit' });
  if (installed.status !== 0)
    console.log('going on without helm, kustomize or promtool: suites that need one are skipped');
}

/** A file that could not even be loaded counts as one failure. */
function counted(): { passed: number; failed: number; skipped: number; tests: RanTest[] } {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    ) as Results;
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length;
    const ranTests = testResults.flatMap(({ assertionResults }) => assertionResults);
    return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests, tests: ranTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, tests: [] };
  }
}

function escaped(word: string): string {
  return word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
