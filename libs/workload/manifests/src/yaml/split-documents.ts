import { limits } from './limits.ts';

/** One document of a file, as text. */
export interface DocumentText {
  /** The line of the file on which the text begins, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** What the parser of kubectl takes as text; anything else is an error there, or changes meaning by the reader. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|\p{Surrogate}/u;

/** Line ends and byte order mark taken away; every text ends in a line end. */
export function normalised(text: string): string {
  const marked = text.startsWith('\ufeff') ? text.slice(1) : text;
  const lines = marked.includes('\r') ? marked.replaceAll(/\r\n?/g, '\n') : marked;
  return lines.endsWith('\n') ? lines : `${lines}\n`;
}

/** The place of the first character that no YAML may hold; -1 when there is none. */
export function forbiddenAt(text: string): number {
  return text.search(forbidden);
}

export interface SplitText {
  readonly documents: readonly DocumentText[];
  /** A line that begins with `---` and goes on, which kubectl refuses as well. */
  readonly strayLine?: number;
  readonly tooMany: boolean;
}

/** Cuts a file into documents at the lines that begin with `---`, as kubectl does before it parses anything. */
export function splitDocuments(text: string): SplitText {
  const documents: DocumentText[] = [];
  let [start, line] = [0, 1];
  for (;;) {
    const cut = nextSeparator(text, start);
    const body = text.slice(start, cut < 0 ? text.length : cut);
    if (body !== '') documents.push({ line, text: body });
    if (cut < 0) return { documents, tooMany: false };
    if (documents.length >= limits.documentsMax) return { documents, tooMany: true };
    line += linesIn(body);
    const end = text.indexOf('\n', cut);
    if (!/^---[ \t]*(#.*)?$/.test(text.slice(cut, end))) return { documents, strayLine: line, tooMany: false };
    [start, line] = [end + 1, line + 1];
  }
}

function nextSeparator(text: string, from: number): number {
  if (text.startsWith('---', from)) return from;
  const found = text.indexOf('\n---', from);
  return found < 0 ? -1 : found + 1;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
