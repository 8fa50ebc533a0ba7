/** How large the tree is: what fits on a screen, and how much a file leans on. Product code only, tests left out. */
import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** What one file adds to the report. */
interface Measures {
  readonly file: string;
  readonly lines: number;
  readonly comments: number;
  /** Lines of each function, methods and arrows with a body included. */
  readonly functions: readonly number[];
  readonly constructors: readonly number[];
  readonly methods: readonly number[];
  /** How many files and packages it imports. */
  readonly fanOut: number;
}

const files = globSync(['apps/*/src/**/*.{ts,tsx}', 'libs/**/src/**/*.ts', 'tools/*.ts'], {
  exclude: ['**/node_modules/**', '**/*.spec.*', 'apps/e2e/**'],
});
const measured = files.map(measure);

const functions = distribution(measured.flatMap((one) => one.functions));
const lines = distribution(measured.map((one) => one.lines));
const total = sum(measured.map((one) => one.lines));
const comments = Math.round((sum(measured.map((one) => one.comments)) / total) * 100);
const longest = measured.toSorted((left, right) => right.lines - left.lines).slice(0, 3);
console.log(`size: ${files.length} files, ${total} lines, ${comments} % comments; lines a file: ${lines.text}`);
console.log(`      lines a function: ${functions.text}, over 70: ${functions.over(70)} of ${functions.count}`);
console.log(`      parameters of a constructor: ${distribution(measured.flatMap((one) => one.constructors)).text}`);
console.log(`      methods of a class: ${distribution(measured.flatMap((one) => one.methods)).text}`);
console.log(`      imports of a file: ${distribution(measured.map((one) => one.fanOut)).text}`);
console.log(`      longest: ${longest.map(({ file, lines: count }) => `${file} (${count})`).join(', ')}`);

function measure(file: string): Measures {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
  const found = { functions: [] as number[], constructors: [] as number[], methods: [] as number[], fanOut: 0 };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) found.fanOut++;
    if (ts.isConstructorDeclaration(node)) found.constructors.push(node.parameters.length);
    if (ts.isClassDeclaration(node)) found.methods.push(node.members.filter(ts.isMethodDeclaration).length);
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body as ts.Node)) {
      found.functions.push(lineOf(node.getEnd()) - lineOf(node.getStart()) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const comment = /^\s*(?:\/\/|\/?\*)/;
  const rows = text.split('\n');
  return { file, lines: rows.length, comments: rows.filter((row) => comment.test(row)).length, ...found };
}

function distribution(values: readonly number[]) {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    count: sorted.length,
    text: `median ${at(0.5)}, p90 ${at(0.9)}, most ${sorted.at(-1) ?? 0}`,
    over: (limit: number) => sorted.filter((value) => value > limit).length,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((before, value) => before + value, 0);
}
