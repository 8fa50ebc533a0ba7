/**
 * A workspace depends on what it imports and on nothing else, so that its package.json says truly what it stands on. What
 * is loaded by name and never imported (a Nest platform, a database driver) is a peer of something that is imported.
 * Specs may also import every lib of ours, and what the root carries for the whole house.
 */
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname } from 'node:path';

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

const rootTools = Object.keys(manifestAt('package.json').devDependencies ?? {});
const workspaces = globSync(['apps/*/package.json', 'libs/*/package.json', 'libs/*/*/package.json'], {
  exclude: ['**/node_modules/**'],
});
const wrong = workspaces.flatMap((file) => problemsOf(dirname(file), manifestAt(file)));
if (wrong.length > 0) {
  console.log(wrong.join('\n'));
  process.exitCode = 1;
}

function problemsOf(folder: string, { name: own, dependencies = {}, devDependencies = {} }: Manifest): string[] {
  const declared = Object.keys({ ...dependencies, ...devDependencies });
  const product = importedBy(folder, ['**/*.spec.*']);
  const all = importedBy(folder, []);
  const peers = [...all].filter((name) => declared.includes(name)).flatMap(peersOf);
  const idle = declared.filter((name) => ![...all, ...peers].includes(name.replace(/^@types\//, '')));
  const isLentToSpecs = (name: string) => name.startsWith('@flotilla/') || rootTools.includes(name);
  const missing = [...all].filter(
    (name) => name !== own && !declared.includes(name) && (product.has(name) || !isLentToSpecs(name)),
  );
  return [
    ...idle.map((name) => `${folder}: depends on ${name} and does not import it`),
    ...missing.map((name) => `${folder}: imports ${name} and does not depend on it`),
  ];
}

/** The packages that the files of a folder name where something is imported. */
function importedBy(folder: string, exclude: readonly string[]): ReadonlySet<string> {
  const files = globSync(`${folder}/{src,bin}/**/*.{ts,tsx,mjs}`, { exclude: ['**/node_modules/**', ...exclude] });
  const named = [...files, ...globSync(`${folder}/*.ts`)].flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^import |\bfrom |\bimport\(|\bresolve\()'((?:@[\w-]+\/)?[\w-]+)(?:\/[^']*)?'/gm,
    ),
  ]);
  return new Set(named.map(([, name]) => name!).filter((name) => !builtinModules.includes(name)));
}

function peersOf(name: string): string[] {
  return name.startsWith('@flotilla/')
    ? []
    : Object.keys(manifestAt(`node_modules/${name}/package.json`).peerDependencies ?? {});
}

function manifestAt(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
