import { isAlias, isMap, isScalar, isSeq, type ParsedNode } from 'yaml';
import { composeYaml } from './compose-yaml.ts';
import { limits } from './limits.ts';
import { positionAt, type YamlDocument } from './parse-yaml.ts';
import type { Position, ValuePath } from './source-problem.ts';

/**
 * Where a field stands in its file: the line and column of its key, or of a list's item. A field that is not written
 * has the place of the nearest part above it that is; in a very large document everything is where that begins.
 */
export function positionOf(document: YamlDocument, path: ValuePath): Position {
  const root = path.length > 0 ? treeOf(document) : null;
  let offset = contentStart(document.text);
  let node = root;
  for (const step of path) {
    const next = stepInto(node, step);
    if (!next) break;
    offset = next.offset;
    node = next.node;
  }
  return positionAt(document.text, offset, document.line);
}

/** How a text is written: without quotes, as a block that keeps its lines, or in any other way; and on which line it begins. */
export interface WrittenScalar {
  readonly style: 'plain' | 'literal' | 'other';
  readonly line: number;
}

/** The scalar at a path, as it is written; `undefined` where there is none, or the document is too large to tell. */
export function scalarAt(document: YamlDocument, path: ValuePath): WrittenScalar | undefined {
  let node = treeOf(document);
  for (const step of path) node = stepInto(node, step)?.node ?? null;
  if (!isScalar(node)) return undefined;
  const style = node.type === 'PLAIN' ? 'plain' : node.type === 'BLOCK_LITERAL' ? 'literal' : 'other';
  return { style, line: positionAt(document.text, node.range[0], document.line).line };
}

/** Places are asked for when something is wrong, so the tree is built then, and kept for the next question. */
function treeOf(document: YamlDocument): ParsedNode | null {
  const known = trees.get(document);
  if (known !== undefined) return known;
  const composed = document.text.length <= limits.unusualMax ? composeYaml(document.text) : undefined;
  const tree = composed?.ok ? composed.value : null;
  trees.set(document, tree);
  return tree;
}

const trees = new WeakMap<YamlDocument, ParsedNode | null>();

interface Found {
  readonly offset: number;
  readonly node: ParsedNode | null;
}

function stepInto(node: ParsedNode | null, step: string | number): Found | undefined {
  if (isAlias(node)) return undefined;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && key.source === String(step));
    return pair && { offset: pair.key.range[0], node: pair.value };
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item && { offset: item.range[0], node: item };
  }
  return undefined;
}

/** Past blank lines and comments. */
function contentStart(text: string): number {
  return text.search(/^[ \t]*[^\s#]/m);
}
