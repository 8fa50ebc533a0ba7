import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { bindsNames, costMax, costOf, hasSlowPattern } from './cost.ts';
import { celValue } from './cel-value.ts';

/** A CEL expression over the fields of one object, read once and evaluated often. */
export interface Expression {
  readonly text: string;
  readonly parsed: ParseResult;
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: { maxAstNodes: 500, maxDepth: 32, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 },
});

/** Reads an expression that answers yes or no; the reason says what is wrong with it. */
export function parseExpression(text: string): Outcome<Expression, string> {
  try {
    const parsed = environment.parse(text);
    const { valid, error, type } = parsed.check();
    if (!valid) return refused(`failed to read the CEL expression '${text}': ${sentenceOf(error)}`);
    if (type !== 'bool' && type !== 'dyn') return refused(`the CEL expression '${text}' is a ${type}, not a yes or no`);
    const problem = limitOf(parsed);
    return problem ? refused(`the CEL expression '${text}' ${problem}`) : done({ text, parsed });
  } catch (error) {
    return refused(`failed to read the CEL expression '${text}': ${sentenceOf(error)}`);
  }
}

function limitOf({ ast }: ParseResult): string | undefined {
  if (bindsNames(ast)) return 'binds names, which is not offered';
  return hasSlowPattern(ast) ? 'has a pattern that is not written out or may take long' : undefined;
}

/** What an expression says of an object. It never throws, and what would take long it refuses to begin. */
export function evaluate({ text, parsed }: Expression, object: object): Outcome<boolean, string> {
  const failed = (why: string) => refused(`failed to evaluate the CEL expression '${text}': ${why}`);
  const { fields, extent } = celValue(object);
  if (costOf(parsed.ast, extent) > costMax) return failed('it may take too long on so large an object');
  try {
    const answer: unknown = parsed(fields);
    return typeof answer === 'boolean' ? done(answer) : failed('it says neither yes nor no');
  } catch (error) {
    return failed(missingAttribute(error, text) ?? sentenceOf(error));
  }
}

/** What is asked of a field that the object does not have at all, in the words that users of Flux know. */
function missingAttribute(error: unknown, text: string): string | undefined {
  const { code, node } = error as { code?: string; node?: { start: number } };
  if (code !== 'unknown_variable' || !node) return undefined;
  const path = /^\w+(\.\w+\b(?!\())*/.exec(text.slice(node.start))?.[0];
  return path && `no such attribute(s): ${path}`;
}

function sentenceOf(error: unknown): string {
  const { summary, message } = error as { summary?: string; message?: string };
  const sentence = summary ?? message ?? String(error);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
