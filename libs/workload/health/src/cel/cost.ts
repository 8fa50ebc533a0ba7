import { isRecord } from '../facts.ts';
import type { Extent } from './cel-value.ts';

/** What an expression may cost at most: some tenths of a second where all of it is really done. */
export const costMax = 4_000_000;

/** How many characters of a text a pattern passes while another step is taken. */
const charactersAStep = 64;

/** The part of an expression's tree that costs are read from: an operator, its operands, a name, a literal. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** Calls that go through a list once for each time that they are reached. */
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/**
 * How much work an expression is at most on an object of such an extent. Known before anything is evaluated, so that no
 * rule can hold up whoever evaluates it.
 */
export function costOf(expression: unknown, extent: Extent): number {
  return costWith(expression, grown(extent, nodesOf(expression)));
}

/** How far things can grow on the way, because steps that join and repeat can be chained. */
function grown({ values, longest, text }: Extent, nodes: readonly Node[]): Extent {
  const joins = 2 ** nodes.filter(isJoin).length;
  const written = nodes.map(({ op, args }) =>
    op === 'list' || op === 'map' ? (args as readonly unknown[]).length : 1,
  );
  const length = Math.max(longest, ...written) * joins;
  const size = nodes.reduce((total, node) => total * repetitionsOf(node, length), (values + 1) * joins);
  return { values: size, longest: length, text: text * joins };
}

/** What is in a loop is done for each item, and the list that it goes through is made once. */
function costWith(node: unknown, extent: Extent): number {
  if (!isNode(node)) return Array.isArray(node) ? sum(node.map((each) => costWith(each, extent))) : 0;
  const call = callOf(node);
  if (call && loops.has(call.name)) {
    return costWith(call.receiver, extent) + extent.longest * (1 + costWith(call.operands, extent));
  }
  return ownCost(node, extent) + costWith(node.args, extent);
}

function ownCost(node: Node, { values, longest, text }: Extent): number {
  if (isJoin(node)) return longest;
  if (isComparison(node)) return values;
  const call = callOf(node);
  return call?.name === 'matches' ? 1 + text ** passesOf(call.operands[0]) / charactersAStep : 1;
}

/** How many times a step may put the same value into another. */
function repetitionsOf(node: Node, length: number): number {
  if (callOf(node)?.name === 'map') return length;
  return (node.op === 'list' && !isLiteral(node)) || node.op === 'map'
    ? Math.max((node.args as readonly unknown[]).length, 1)
    : 1;
}

function isJoin(node: Node): boolean {
  return node.op === '+' && isBetweenValues(node);
}

function isComparison(node: Node): boolean {
  return ['==', '!=', 'in'].includes(node.op) && isBetweenValues(node);
}

/** Whether an operator may meet two whole lists or objects; what meets a literal meets one word. */
function isBetweenValues({ args }: Node): boolean {
  return (args as readonly unknown[]).every((operand) => !isLiteral(operand));
}

function isLiteral(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.op === 'list') return (node.args as readonly unknown[]).every(isLiteral);
  return node.op === 'value' || (node.op === '-_' && isLiteral(node.args));
}

/** Patterns come with the expression, and must be of those that no text can keep busy. */
export function hasSlowPattern(expression: unknown): boolean {
  const calls = nodesOf(expression).map(callOf);
  return calls.some((call) => call?.name === 'matches' && !isQuickPattern(call.operands[0]));
}

/** Names for values let them grow by more than can be told beforehand. */
export function bindsNames(expression: unknown): boolean {
  return nodesOf(expression).some((node) => callOf(node)?.name === 'bind');
}

/** Written out, without repeated groups, references back and looks around: what is left cannot explode. */
function isQuickPattern(operand: unknown): boolean {
  const pattern = patternOf(operand);
  return pattern !== undefined && !/\\|\)[*+?{]|\(\?[=!<]/.test(pattern);
}

/** How often a text may be passed: from each beginning, unless there is only one, and once more for each repetition. */
function passesOf(operand: unknown): number {
  const pattern = patternOf(operand) ?? '';
  return Math.max((pattern.match(/[*+]|\{\d+,/g) ?? []).length + (pattern.startsWith('^') ? 0 : 1), 1);
}

/** A pattern that is written out, with all that stands for one character made alike. */
function patternOf(operand: unknown): string | undefined {
  if (!isNode(operand) || operand.op !== 'value' || typeof operand.args !== 'string') return undefined;
  return operand.args.replaceAll(/\\[^1-9k]/g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
}

/** A call on a value: `receiver.name(operands)`. */
interface Call {
  readonly name: string;
  readonly receiver: unknown;
  readonly operands: readonly unknown[];
}

function callOf({ op, args }: Node): Call | undefined {
  if (op !== 'rcall') return undefined;
  const [name, receiver, operands] = args as readonly [string, unknown, readonly unknown[]];
  return { name, receiver, operands };
}

function nodesOf(node: unknown): Node[] {
  if (!isNode(node)) return Array.isArray(node) ? node.flatMap(nodesOf) : [];
  return [node, ...nodesOf(node.args)];
}

function isNode(value: unknown): value is Node {
  return isRecord(value) && typeof value['op'] === 'string' && 'args' in value;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
