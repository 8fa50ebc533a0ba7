import { nearest, shortened } from '@flotilla/foundation';
import type { DocumentKind } from '@flotilla/model';
import type { YamlDocument } from '../yaml/parse-yaml.ts';
import { problemAt } from '../yaml/problem-at.ts';
import type { SourceProblem, ValuePath } from '../yaml/source-problem.ts';
import { knownFields } from './known-fields.ts';
import { isNotOffered, notOfferedMessage } from './not-offered.ts';

/** What a schema found wrong; a part of zod's issue. */
export interface SchemaIssue {
  readonly code?: string;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly expected?: string;
  readonly values?: readonly unknown[];
  /** What is wrong with a key that may not be called like this. */
  readonly issues?: readonly { readonly message: string }[];
}

export interface ReadSource {
  readonly kind: DocumentKind;
  readonly source: YamlDocument;
  /** The document as people name it, if it has a name. */
  readonly title: string | undefined;
}

/** Says what a schema found in words that help: what is expected, what was probably meant, and the line. */
export function problemsOf(read: ReadSource, issues: readonly SchemaIssue[]): SourceProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path as ValuePath;
    const fields = issue.code === 'unrecognized_keys' ? (issue.keys ?? []) : undefined;
    if (!fields) return [problemAt(read.source, path, messageOf(issue, valueAt(read.source.value, path)), read.title)];
    return fields.map((field) => unknownField(read, path, field));
  });
}

function unknownField({ kind, source, title }: ReadSource, parent: ValuePath, field: string): SourceProblem {
  const path = [...parent, field];
  if (isNotOffered(kind, path)) return problemAt(source, path, notOfferedMessage, title);
  const known = knownFields(kind, parent);
  const meant = nearest(field, known);
  const hint = meant ? `did you mean \`${meant}\`?` : `the fields here are ${known.join(', ')}`;
  return problemAt(source, path, `is not a field; ${hint}`, title);
}

function messageOf(issue: SchemaIssue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (issue.code === 'invalid_key') return issue.issues?.[0]?.message ?? issue.message;
  if (issue.code === 'invalid_type') return wrongType(issue.expected ?? '', value);
  const choices = issue.code === 'invalid_value' && issue.message.startsWith('Invalid') ? issue.values : undefined;
  return choices ? wrongChoice(choices.map(String), value) : shortened(issue.message, 400);
}

function wrongType(expected: string, value: unknown): string {
  const hint = expected === 'string' && typeof value !== 'object' ? '; put quotes around it' : '';
  return `must be ${typeWords.get(expected) ?? expected}, not ${nounOf(value)}${hint}`;
}

function wrongChoice(choices: readonly string[], value: unknown): string {
  const meant = typeof value === 'string' ? nearest(value, choices) : undefined;
  return `must be one of ${choices.join(', ')}${meant ? `; did you mean ${meant}?` : ''}`;
}

const typeWords = new Map([
  ['string', 'text'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
]);

function nounOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'boolean' ? String(value) : (typeWords.get(typeof value) ?? typeof value);
}

function valueAt(value: unknown, path: ValuePath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
