import { isRecord } from '../facts.ts';

/** What an expression may cost at most: some tenths of a second where all of it is really done. */
export const costMax = 4_000_000;

/** The part of an expression's tree that costs are read from: an operator, its operands, a name, a literal. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** Calls that go through a list once for each time that they are reached. */
const loops = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

/** How long a list and how large a value can get on the way: steps that join and repeat can be chained. */
interface Growth {
  readonly length: number;
  readonly size: number;
}

/**
 * How much work an expression is at most on an object with so many values. Known before anything is evaluated, so that no
 * rule can hold up whoever evaluates it.
 */
export function costOf(expression: unknown, values: number): number {
  const nodes = nodesOf(expression);
  const length = nodes.filter(isJoin).reduce((total) => total * 2, Math.max(values, 1));
  const size = nodes.reduce((total, node) => total * repetitionsOf(node, length), length);
  return costWith(expression, { length, size });
}

/** What is in a loop is done for each item, and the list that it goes through is made once. */
function costWith(node: unknown, growth: Growth): number {
  if (!isNode(node)) return Array.isArray(node) ? sum(node.map((each) => costWith(each, growth))) : 0;
  const call = callOf(node);
  if (call && loops.has(call.name)) {
    return costWith(call.receiver, growth) + growth.length * (1 + costWith(call.operands, growth));
  }
  const own = isJoin(node) ? growth.length : isComparison(node) ? growth.size : 1;
  return own + costWith(node.args, growth);
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

/** Written out, without repeated groups and references back, and with few repetitions: those cannot explode. */
function isQuickPattern(operand: unknown): boolean {
  if (!isNode(operand) || operand.op !== 'value' || typeof operand.args !== 'string') return false;
  const bare = operand.args.replaceAll(/\\[^1-9k]/g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  if (/\\|\)[*+?{]|\(\?[=!<]/.test(bare)) return false;
  return (bare.match(/[*+]|\{\d+,/g) ?? []).length <= 2;
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
