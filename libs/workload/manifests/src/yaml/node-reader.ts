import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar as ScalarNode, type YAMLMap } from 'yaml';
import type { Trouble } from './compose-yaml.ts';
import { limits } from './limits.ts';
import { ambiguityOf } from './ambiguity.ts';
import { resolvePlain, type Scalar } from './resolve-plain.ts';

type Mapping = Record<string, unknown>;

interface Anchored {
  readonly value: unknown;
  /** Nodes and characters in it, once all aliases in it are filled in. */
  readonly weight: number;
}

/**
 * Turns a tree of YAML nodes into JSON values the way kubectl's parser does: aliases and merge keys are filled in,
 * scalars mean what YAML 1.1 says. What kubectl would take but alter (a repeated key, a number that does not fit) is
 * refused. Reading goes on after a trouble, so that all of them are told.
 */
export class NodeReader {
  readonly troubles: Trouble[] = [];
  readonly #text: string;
  readonly #anchors = new Map<string, Anchored>();
  readonly #weightMax: number;
  #weight = 0;
  #inFlow = false;

  constructor(text: string) {
    this.#text = text;
    this.#weightMax = Math.max(limits.documentMax, text.length);
  }

  read(node: ParsedNode | null): unknown {
    if (!node) return null;
    if (isAlias(node)) return this.#alias(node.source, node.range[0]);
    const before = this.#weight++;
    const value = isScalar(node) ? this.#scalar(node) : this.#collection(node);
    if (node.anchor) this.#anchor(node.anchor, node.range[0], { value, weight: this.#weight - before });
    return value;
  }

  /** Where a name is more than letters and digits, the parsers do not agree on where it ends. */
  #anchor(name: string, offset: number, anchored: Anchored): void {
    if (!/^[\w-]+$/.test(name)) this.#trouble(offset, '`&` begins an anchor; if it is text, put quotes around it');
    this.#anchors.set(name, anchored);
  }

  /** An alias repeats a value; repeats of repeats would fill the memory, so what they add up to counts. */
  #alias(name: string, offset: number): unknown {
    const anchored = this.#anchors.get(name);
    if (!anchored) {
      const message = '`*` begins an alias of an anchor that is not there; if it is text, put quotes around it';
      return this.#trouble(offset, message);
    }
    return this.#grow(anchored.weight, offset) ? anchored.value : null;
  }

  #collection(node: ParsedNode): unknown {
    const tag = shortTag(node);
    if (tag !== undefined && tag !== (isMap(node) ? '!!map' : '!!seq')) return this.#trouble(node.range[0], unknownTag);
    const outer = this.#inFlow;
    this.#inFlow ||= Boolean((node as YAMLMap).flow);
    const value = isMap(node) ? this.#mapping(node) : this.#sequence(node);
    this.#inFlow = outer;
    return value;
  }

  #sequence(node: ParsedNode): unknown[] {
    return isSeq(node) ? node.items.map((item) => this.read(item)) : [];
  }

  #mapping(node: YAMLMap.Parsed): Mapping {
    const mapping: Mapping = {};
    const written = new Set<string>();
    for (const { key, value } of node.items) {
      if (isMergeKey(key)) {
        this.#merge(mapping, value);
        continue;
      }
      const name = this.#key(key);
      const read = this.read(value);
      if (name === undefined) continue;
      if (written.has(name)) this.#trouble(key.range[0], `the key ${shown(name)} is written twice; keep one of them`);
      written.add(name);
      mapping[name] = read;
    }
    return mapping;
  }

  /** Of several sources the first one wins; a merge overwrites what stands before it, as kubectl's parser has it. */
  #merge(target: Mapping, node: ParsedNode | null): void {
    const sources = isSeq(node) ? node.items.toReversed() : [node];
    for (const source of sources) {
      const offset = source?.range[0] ?? 0;
      const read = isSeq(source) ? undefined : this.read(source);
      if (!isMapping(read)) {
        this.#trouble(offset, '`<<` merges mappings, or a list of mappings');
        return;
      }
      const names = Object.keys(read);
      // A merged key costs far more than the character that an alias repeats.
      if (!this.#grow(names.length * 16, offset)) return;
      for (const name of names) target[name] = read[name];
    }
  }

  #key(node: ParsedNode | null): string | undefined {
    const offset = node?.range[0] ?? 0;
    const value = isScalar(node) ? this.read(node) : undefined;
    if (value === '__proto__') this.#trouble(offset, 'the key `__proto__` is not taken');
    else if (typeof value === 'string') return value;
    else if (typeof value === 'boolean') return String(value);
    else if (typeof value === 'number' && String(value) === (node as ScalarNode).source) return String(value);
    else this.#trouble(offset, 'a key has to be text; put quotes around it');
    return undefined;
  }

  #scalar(node: ScalarNode.Parsed): Scalar {
    const text = node.source;
    this.#weight += text.length;
    const ambiguity = ambiguityOf(node, this.#text, this.#inFlow);
    if (ambiguity) return this.#trouble(node.range[0], ambiguity);
    const tag = shortTag(node);
    if (tag !== undefined && text === '' && node.type === 'PLAIN') return this.#trouble(node.range[0], unknownTag);
    if (tag === '!!str' || (tag === undefined && node.type !== 'PLAIN')) return text;
    const fits = tag === undefined ? () => true : scalarTags.get(tag);
    if (!fits) return this.#trouble(node.range[0], unknownTag);
    const value = resolvePlain(text);
    if (value === undefined) return this.#trouble(node.range[0], unfitNumber);
    return fits(value) ? value : this.#trouble(node.range[0], `this value is not a ${tag}`);
  }

  #grow(weight: number, offset: number): boolean {
    const fitted = this.#weight <= this.#weightMax;
    this.#weight += weight;
    const fits = this.#weight <= this.#weightMax;
    if (fitted && !fits) this.#trouble(offset, 'aliases and merge keys make this document far too large');
    return fits;
  }

  #trouble(offset: number, message: string): null {
    this.troubles.push({ offset, message });
    return null;
  }
}

const unknownTag = '`!` begins a tag that is not taken; if it is text, put quotes around it';
const unfitNumber = 'this number cannot be kept exactly; if it is text, put quotes around it';

const scalarTags = new Map<string, (value: Scalar) => boolean>([
  ['!!int', (value) => Number.isInteger(value)],
  ['!!float', (value) => typeof value === 'number'],
  ['!!bool', (value) => typeof value === 'boolean'],
  ['!!null', (value) => value === null],
]);

function shortTag(node: ParsedNode): string | undefined {
  return node.tag?.replace('tag:yaml.org,2002:', '!!');
}

function isMergeKey(key: ParsedNode): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<' && key.tag === undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(name: string): string {
  return name.length <= 80 ? `\`${name}\`` : `\`${name.slice(0, 79)}…\``;
}
