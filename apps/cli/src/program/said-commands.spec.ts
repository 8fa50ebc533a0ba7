import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { chapters } from '../verbs.ts';
import { buildProgram } from './build-program.ts';
import { readArguments } from './read-arguments.ts';

const root = new URL('../../../../', import.meta.url).pathname;
const files = globSync('{libs/control,libs/shared/model,apps/gateway}/**/src/**/*.ts', { cwd: root }).filter(
  (file) => !/\.spec\.ts$|\/testing\/|\/dist\/|node_modules/.test(file),
);

/** A call within a text: its words and options, up to whatever ends it. What is filled in later is one word. */
const callPattern = /flotilla ((?:\$\{[^}]*\}|[\w.@-])+(?: (?:\$\{[^}]*\}|[\w.@-])+)*)/g;

interface SaidCall {
  readonly file: string;
  readonly words: readonly string[];
}

/** Not calls: the name of a service in front of its last words, what keys are made from, and a list that is filled in. */
const others = new Set(['x', 'remembered answer', 'x -p x']);

/** What stands for a word that is one of few. */
const stands: Readonly<Record<string, string>> = { '${kind}': 'webhook', PERMISSION: 'read' };

/** Every call that somebody is told to make. Comments are for those who read the code. */
const said: readonly SaidCall[] = files.flatMap((file) => {
  const code = readFileSync(root + file, 'utf8').replaceAll(/^\s*(\/\/|\*|\/\*\*).*$/gm, '');
  const calls = [...code.matchAll(callPattern)].map(([, call]) => ({ file, words: wordsOf(call!) }));
  return calls.filter(({ words }) => !others.has(words.join(' ')));
});

function wordsOf(call: string): string[] {
  const filled = call.replaceAll(/\$\{[^}]*\}|PERMISSION/g, (place) => stands[place] ?? 'x');
  return filled.split(' ');
}

/** Sentences go on behind a call: it is understood if some beginning of it is, with every option that it names. */
async function isUnderstood(words: readonly string[]): Promise<boolean> {
  const least = words.findLastIndex((word) => word.startsWith('-')) + 1;
  for (let length = words.length; length > least; length--) {
    if (await parses(words.slice(0, length))) return true;
  }
  return false;
}

async function parses(words: readonly string[]): Promise<boolean> {
  let called = false;
  const program = buildProgram({ chapters, world: new InMemoryWorld(), onCall: () => (called = true) });
  await program.parseAsync(readArguments(words), { from: 'user' }).catch(() => undefined);
  return called;
}

describe('what people are told to type', () => {
  it('is said somewhere, and found', () => {
    expect(said.length).toBeGreaterThan(30);
  });

  it.each([
    [['rollout', 'skip', 'x', '--cluster', 'x'], true],
    [['sync', 'passes'], true],
    [['rollout', 'skip', 'x', 'x', '--claster', 'x'], false],
    [['rolout', 'skip', 'x'], false],
  ])('%j is judged: %s', async (words, expected) => expect(await isUnderstood(words)).toBe(expected));

  it.each([...new Map(said.map(({ file, words }) => [words.join(' '), file])).entries()])(
    'flotilla %s (%s)',
    async (call) => {
      expect(await isUnderstood(call.split(' '))).toBe(true);
    },
  );
});
