/** How large the tree is, in the measures of STYLE's fifth test: product code only, tests left out. */
import { globSync, readFileSync } from 'node:fs';

const files = globSync(['apps/*/src/**/*.{ts,tsx}', 'libs/**/src/**/*.ts', 'tools/*.ts'], {
  exclude: ['**/node_modules/**', '**/*.spec.*', 'apps/e2e/**'],
});
const lines = files
  .map((file) => readFileSync(file, 'utf8').split('\n').length)
  .toSorted((left, right) => left - right);
const at = (share: number) => lines[Math.min(lines.length - 1, Math.floor(lines.length * share))];
const total = lines.reduce((sum, count) => sum + count, 0);
const longest = files
  .map((file) => ({ file, count: readFileSync(file, 'utf8').split('\n').length }))
  .toSorted((left, right) => right.count - left.count)
  .slice(0, 3);
console.log(
  `size: ${files.length} files, ${total} lines; lines a file: median ${at(0.5)}, p90 ${at(0.9)}, most ${lines.at(-1)}`,
);
console.log(`      longest: ${longest.map(({ file, count }) => `${file} (${count})`).join(', ')}`);
