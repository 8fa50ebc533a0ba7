/**
 * `npm run peer-cases -- DIR [--file NAME] [--json]`: drives our own functions with cases that the test suites of peers
 * pin down, one JSON object a line in each `*.jsonl` of DIR, and says for each file where we agree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adapters } from './adapters.ts';
import { judgeCases, type Judgement } from './judge-cases.ts';
import { PeerApiServer } from './peer-api-server.ts';

const usage = 'usage: npm run peer-cases -- DIR [--file NAME] [--json]';

try {
  process.exitCode = await main();
} catch (error) {
  // A flag that is none, a folder that is not there.
  process.exitCode = wrong(`${(error as Error).message}\n${usage}`);
} finally {
  await PeerApiServer.stop();
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [directory] = positionals;
  if (!directory || positionals.length > 1) return wrong(usage);
  const names = filesIn(directory).filter((name) => !values.file || name === values.file.replace(/\.jsonl$/, ''));
  if (names.length === 0) return wrong(`there is no ${values.file ?? '*'}.jsonl in ${directory}`);
  const judgements: Record<string, Judgement> = {};
  for (const name of names) judgements[name] = await judgeFile(directory, name);
  console.log(values.json ? linesOf(judgements) : tableOf(judgements));
  return Object.values(judgements).some(({ failed }) => failed.length > 0) ? 1 : 0;
}

function readArguments() {
  const options = { file: { type: 'string' }, json: { type: 'boolean' } } as const;
  return parseArgs({ options, allowPositionals: true });
}

function filesIn(directory: string): string[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.jsonl'));
  return files.map((file) => file.slice(0, -'.jsonl'.length)).toSorted();
}

function judgeFile(directory: string, name: string): Promise<Judgement> {
  const lines = readFileSync(join(directory, `${name}.jsonl`), 'utf8').split('\n');
  const adapter = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
  return judgeCases(
    lines.filter((line) => line.trim() !== ''),
    adapter,
  );
}

/** One JSON line a file, for programs. */
function linesOf(judgements: Readonly<Record<string, Judgement>>): string {
  const lines = Object.entries(judgements).map(([file, { failed, ...counts }]) =>
    JSON.stringify({ file, ...counts, failed: failed.length, failedIds: failed.map(({ id }) => id) }),
  );
  return lines.join('\n');
}

function tableOf(judgements: Readonly<Record<string, Judgement>>): string {
  const row = (name: string, ...cells: readonly unknown[]) =>
    name.padEnd(24) + cells.map((cell) => String(cell).padStart(13)).join('');
  return Object.entries(judgements)
    .flatMap(([name, { passed, failed, differs, notOffered }]) => [
      row(name, passed, failed.length, differs, notOffered),
      ...failed.map(
        ({ id, expected, actual }) => `  ${id}: ${JSON.stringify(expected)}, ours ${JSON.stringify(actual)}`,
      ),
    ])
    .toSpliced(0, 0, row('', 'passed', 'failed', 'differs', 'not offered'))
    .join('\n');
}

function wrong(message: string): number {
  process.stderr.write(`${message}\n`);
  return 2;
}
