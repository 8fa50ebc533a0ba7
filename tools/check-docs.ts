/**
 * What the documents say of the tree is so: each link leads somewhere, the walkthrough and the test of the road have the
 * same headings, decisions are numbered without a gap and name a check that exists, every lib says what it is.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const exclude = ['**/node_modules/**', '**/dist/**'];
const documents = globSync(['*.md', 'docs/**/*.md', 'apps/*/*.md', 'libs/**/*.md'], { exclude });
const specs = new Set(
  globSync(['{apps,libs}/**/src/**/*.spec.*', 'tools/**/*.spec.*'], { exclude }).map((file) => basename(file)),
);

const wrong = [
  ...documents.flatMap(deadLinks),
  ...documents.flatMap(missingSpecs),
  ...differentHeadings('docs/walkthrough.md', 'apps/e2e/src/road/road.spec.ts'),
  ...globSync('docs/adr/*.md').toSorted().flatMap(badDecision),
  ...globSync('libs/**/package.json', { exclude }).flatMap(silentLib),
];
if (wrong.length > 0) {
  console.log(wrong.join('\n'));
  process.exitCode = 1;
}

function deadLinks(file: string): string[] {
  const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) => link!);
  const inside = links.filter((link) => !/^[a-z]+:/.test(link));
  return inside
    .filter((link) => !existsSync(join(dirname(file), link)))
    .map((link) => `${file}: leads to ${link}, which is not there`);
}

/** A promise names the spec that holds it; a renamed spec must not take the promise along. */
function missingSpecs(file: string): string[] {
  const named = [...readFileSync(file, 'utf8').matchAll(/`([^`\s]+\.spec\.tsx?)`/g)].map(([, name]) => name!);
  return named.filter((name) => !specs.has(basename(name))).map((name) => `${file}: names ${name}, which is not there`);
}

function differentHeadings(text: string, spec: string): string[] {
  const told = [...readFileSync(text, 'utf8').matchAll(/^## (\d+ .+)$/gm)].map(([, heading]) =>
    heading!.replaceAll('`', ''),
  );
  const tested = [...readFileSync(spec, 'utf8').matchAll(/^ {2}it\((['"])(\d+ .+)\1, /gm)].map(([, , title]) => title!);
  return told.join('\n') === tested.join('\n') ? [] : [`${text} and ${spec} have different headings`];
}

function badDecision(file: string, index: number): string[] {
  const text = readFileSync(file, 'utf8');
  const number = index + 1;
  const isNumbered = basename(file).startsWith(`${number}`.padStart(4, '0')) && text.startsWith(`# ${number}. `);
  return [
    ...(isNumbered ? [] : [`${file}: is decision ${number} by its place, and is to be named and titled so`]),
    ...(text.includes('**Kept by.**') ? [] : [`${file}: does not say what keeps it`]),
  ];
}

function silentLib(manifest: string): string[] {
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string };
  const readme = join(dirname(manifest), 'README.md');
  const begins = existsSync(readme) && readFileSync(readme, 'utf8').startsWith(`# ${name}\n`);
  return begins ? [] : [`${dirname(manifest)}: has no README.md that begins with its name`];
}
