/**
 * Keeps each workspace's TypeScript references equal to the libs that its package.json depends on, so that one list
 * says who builds on whom. `--check` only says what differs.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
}

const check = process.argv.includes('--check');
const manifests = new Map(
  globSync(['apps/*/package.json', 'libs/*/package.json', 'libs/*/*/package.json'], {
    exclude: ['**/node_modules/**'],
  }).map((file) => [dirname(file), JSON.parse(readFileSync(file, 'utf8')) as Manifest]),
);
const folders = new Map([...manifests].map(([folder, { name }]) => [name, folder]));
let stale = 0;

for (const [folder, { dependencies = {} }] of manifests) {
  const file = `${folder}/tsconfig.json`;
  if (!existsSync(file)) continue;
  const before = readFileSync(file, 'utf8');
  const config = JSON.parse(before) as { references?: { path: string }[]; compilerOptions?: { noEmit?: boolean } };
  if (config.compilerOptions?.noEmit) continue;
  const built = Object.keys(dependencies).flatMap((name) => folders.get(name) ?? []);
  config.references = built.map((path) => ({ path: relative(folder, path) }));
  if (JSON.stringify(JSON.parse(before)) === JSON.stringify(config)) continue;
  stale++;
  console.log(`${file}: references differ from the dependencies in package.json`);
  if (!check) writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
}
if (check && stale > 0) {
  console.log('mend it with: node tools/references.ts');
  process.exitCode = 1;
}
