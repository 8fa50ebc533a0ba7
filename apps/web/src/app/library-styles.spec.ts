import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const library = dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css'));
const page = join(import.meta.dirname, '..');
const read = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');

/** Every component of the library that the page names. */
function namedComponents(): ReadonlySet<string> {
  const imports = globSync('**/*.tsx', { cwd: page }).flatMap((file) => [
    ...read(page, file).matchAll(/import \{([^}]*)\} from '@mantine\/core'/g),
  ]);
  return new Set(imports.flatMap(([, names]) => [...names!.matchAll(/(?<!type )\b[A-Z]\w+/g)].map(([name]) => name)));
}

/** The style sheets that some components need, with those of the components inside them. */
function neededStyles(components: ReadonlySet<string>): ReadonlySet<string> {
  const index = read(library, 'esm/index.mjs');
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    if (file.endsWith('.module.mjs')) return void found.add(basename(file, '.module.mjs'));
    for (const [, next] of read(file).matchAll(/from "(\.[^"]+)"/g)) visit(join(dirname(file), next!));
  };
  for (const component of components) {
    const from = new RegExp(`import \\{[^}]*\\b${component}\\b[^}]*\\} from "(\\./[^"]+)"`).exec(index);
    if (from) visit(join(library, 'esm', from[1]!));
  }
  return found;
}

/** Where a component's styles stand in the library's own sheet of all of them. */
function placeOf(component: string): number {
  const [ruleOfItsOwn] = /\.m_[0-9a-f]+/.exec(read(library, 'styles', `${component}.layer.css`))!;
  return read(library, 'styles.layer.css').indexOf(ruleOfItsOwn);
}

it('the page loads the styles of each component that it shows, and no others, in the order of the library', () => {
  const loaded = [...read(page, 'app/library.css').matchAll(/styles\/([A-Z]\w+)\.layer\.css/g)].map(
    ([, name]) => name!,
  );
  const needed = [...neededStyles(namedComponents())];
  expect(needed).toContain('Button');
  expect(loaded).toEqual(needed.toSorted((left, right) => placeOf(left) - placeOf(right)));
});
