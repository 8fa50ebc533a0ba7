import { evaluate } from './evaluate.ts';
import type { Path } from './path.ts';
import { readPath, readQuoted } from './read-path.ts';
import { Reader } from './reader.ts';

/** A piece of a template: text as it is, the values of a path, or pieces that are repeated for each value of one. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'values'; readonly path: Path }
  | { readonly kind: 'range'; readonly path: Path; readonly pieces: readonly Piece[] };

/** kubectl's `-o jsonpath=`: `{.items[*].metadata.name}`, `{range .items[*]}{.spec.cluster}{"\n"}{end}`. */
export class JsonPathTemplate {
  readonly #pieces: readonly Piece[];

  constructor(text: string) {
    const reader = new Reader(text.includes('{') ? text : `{${text}}`);
    this.#pieces = readPieces(reader, { inRange: false });
  }

  fill(value: unknown): string {
    return filled(this.#pieces, { root: value, here: value });
  }
}

/** One path alone, with or without its braces: `.metadata.name`, `{.metadata.name}`, `metadata.name`. */
export function readLonePath(text: string): Path {
  const reader = new Reader(/^\{.*\}$/s.test(text) ? text.slice(1, -1) : text);
  const path = readPath(reader);
  if (!reader.isAtEnd || path.steps.length === 0) reader.fail('this is no path such as .metadata.name');
  return path;
}

function readPieces(reader: Reader, { inRange }: { readonly inRange: boolean }): Piece[] {
  const pieces: Piece[] = [];
  while (!reader.isAtEnd) {
    const text = reader.take(/[^{]+/y);
    if (text) pieces.push({ kind: 'text', text: text[0] });
    else if (reader.take(/\{\s*end\s*\}/y)) return inRange ? pieces : reader.fail('there is no {range} to end');
    else pieces.push(readBraces(reader));
  }
  return inRange ? reader.fail('expected {end}') : pieces;
}

function readBraces(reader: Reader): Piece {
  reader.expect(/\{\s*/y, '`{`');
  if (reader.take(/range\s+/y)) {
    const path = readPath(reader);
    reader.expect(/\s*\}/y, '`}`');
    return { kind: 'range', path, pieces: readPieces(reader, { inRange: true }) };
  }
  const quoted = readQuoted(reader);
  const piece: Piece =
    quoted === undefined ? { kind: 'values', path: readPath(reader) } : { kind: 'text', text: quoted };
  reader.expect(/\s*\}/y, '`}`');
  return piece;
}

function filled(pieces: readonly Piece[], at: { readonly root: unknown; readonly here: unknown }): string {
  return pieces.map((piece) => pieceText(piece, at)).join('');
}

function pieceText(piece: Piece, at: { readonly root: unknown; readonly here: unknown }): string {
  if (piece.kind === 'text') return piece.text;
  const values = evaluate(piece.path, at);
  if (piece.kind === 'values') return values.map(valueText).join(' ');
  return values.map((here) => filled(piece.pieces, { root: at.root, here })).join('');
}

/** Text as it is, everything else as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
