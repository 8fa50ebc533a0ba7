import { refused, shortened, type Outcome } from '@flotilla/foundation';
import { readPlainYaml } from './block-reader.ts';
import type { Trouble } from './compose-yaml.ts';
import { readFullYaml } from './full-reader.ts';
import { readJson } from './json-reader.ts';
import { limits } from './limits.ts';
import type { Position, SourceProblem } from './source-problem.ts';
import { forbiddenAt, normalised, splitDocuments, type DocumentText } from './split-documents.ts';

/** One document of a file: its value as JSON, and the text from which the place of any part of it can be told. */
export interface YamlDocument {
  readonly file: string;
  /** The line of the file on which the document's text begins. */
  readonly line: number;
  readonly text: string;
  readonly value: unknown;
}

/** The documents of a text, and what is wrong with it. */
export interface ParsedYaml {
  /** Documents that hold something; empty ones are left out. */
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Reads YAML or JSON as kubectl reads it, or says what is wrong and where; it never throws and never alters a value in
 * silence. Stricter than kubectl in what would be a slip: a repeated key, or a number that JSON cannot carry exactly,
 * is refused. A broken document does not hide the others.
 */
export function parseYaml(text: string, { file }: { readonly file: string }): ParsedYaml {
  if (text.length > limits.fileMax) {
    return { documents: [], problems: [{ file, message: `is larger than ${limits.fileMax / 1024 / 1024} MiB` }] };
  }
  const whole = normalised(text);
  const forbidden = forbiddenAt(whole);
  if (forbidden >= 0) {
    const message = 'holds a control character that YAML does not allow';
    return { documents: [], problems: [{ file, ...positionAt(whole, forbidden, 1), message }] };
  }
  return parseDocuments(whole, file);
}

function parseDocuments(text: string, file: string): ParsedYaml {
  const split = splitDocuments(text);
  const documents: YamlDocument[] = [];
  const problems: SourceProblem[] = [];
  for (const source of split.documents) {
    const read = readDocument(source.text);
    if (!read.ok) problems.push(...read.reason.map((trouble) => problemOf(trouble, source, file)));
    else if (read.value !== null) documents.push({ file, ...source, value: read.value });
  }
  if (split.strayLine) {
    problems.push({ file, line: split.strayLine, column: 1, message: 'only a comment may follow `---` on its line' });
  }
  if (split.tooMany) problems.push({ file, message: `holds more than ${limits.documentsMax} documents` });
  return { documents, problems };
}

function readDocument(text: string): Outcome<unknown, readonly Trouble[]> {
  if (text.length > limits.documentMax) {
    return refused([{ offset: 0, message: `is larger than ${limits.documentMax / 1024 / 1024} MiB` }]);
  }
  const plain = readPlainYaml(text);
  if (plain.ok) return plain;
  const json = readJson(text);
  if (json.ok) return json;
  if (text.length <= limits.unusualMax) return readFullYaml(text);
  const message = `is not plain YAML from here on, and too large to be read otherwise (${limits.unusualMax / 1024} KiB)`;
  return refused([{ offset: plain.reason.offset, message }]);
}

function problemOf(trouble: Trouble, source: DocumentText, file: string): SourceProblem {
  const position = positionAt(source.text, trouble.offset, source.line);
  return { file, ...position, message: shortened(trouble.message, 400) };
}

/** The line and column of an offset in a text that begins on `firstLine`. */
export function positionAt(text: string, offset: number, firstLine: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: firstLine + before.split('\n').length - 1, column: offset - lineStart + 1 };
}
