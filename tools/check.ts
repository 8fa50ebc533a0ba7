/** `npm run check`: everything that a machine can say about the tree without running it. */
import { spawnSync } from 'node:child_process';
import { styleText } from 'node:util';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
}

const node = process.execPath;
const checks: readonly Check[] = [
  { name: 'dependencies are what is imported', command: [node, 'tools/check-dependencies.ts'] },
  { name: 'references follow the dependencies', command: [node, 'tools/references.ts', '--check'] },
  { name: 'types', command: ['node_modules/.bin/tsc', '-b', 'tools/tsconfig.json'] },
  { name: 'types of specs and tools', command: ['node_modules/.bin/tsc', '-p', 'tools/tsconfig.specs.json'] },
  { name: 'types of the page', command: ['node_modules/.bin/tsc', '-p', 'apps/web/tsconfig.json', '--noEmit'] },
  { name: 'lint', command: ['node_modules/.bin/oxlint', '--type-aware', '--quiet'] },
  { name: 'format', command: ['node_modules/.bin/oxfmt', '--check'] },
  {
    name: 'arrows and circles',
    command: [
      node,
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '-c',
      'tools/arrows.mjs',
      '--output-type',
      'err',
      'apps',
      'libs',
      'tools',
    ],
  },
  { name: 'nobody answers outside ctl.*', command: [node, 'tools/check-replies.ts'] },
  { name: 'public names have their words', command: [node, 'tools/check-words.ts'] },
  { name: 'documents are true', command: [node, 'tools/check-docs.ts'] },
  { name: 'promises name their tests', command: [node, 'tools/promises.ts', '--check'] },
  { name: 'deployment files', command: [node, 'tools/check-deploy.ts'] },
  { name: 'dashboards and alerts', command: [node, '--conditions=source', 'tools/monitoring/check.ts'] },
];

let failed = 0;
for (const { name, command } of checks) {
  const begun = performance.now();
  const [program, ...args] = command;
  const result = spawnSync(program!, args, { encoding: 'utf8', env: { ...process.env, FORCE_COLOR: '0' } });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const passed = result.status === 0;
  console.log(`${styleText(passed ? 'green' : 'red', passed ? '✓' : '✗')} ${name}  ${seconds} s`);
  if (passed) continue;
  failed++;
  console.log(`${result.stdout}${result.stderr}${result.error ? result.error.message : ''}`.trimEnd());
}
spawnSync(node, ['tools/size-report.ts'], { stdio: 'inherit' });
console.log(failed === 0 ? 'check passed' : `check failed: ${failed} of ${checks.length}`);
process.exit(failed === 0 ? 0 : 1);
