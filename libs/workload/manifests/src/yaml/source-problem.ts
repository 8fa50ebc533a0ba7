/** Something that is wrong in a file: where, and what to do about it. */
export interface SourceProblem {
  readonly file: string;
  /** Counted from 1, as editors do. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** The document as people name it, where it got as far as having a name. */
  readonly document?: string;
  /** The field: `spec.stages[0].environment`. */
  readonly path?: string;
}

/** A problem as one line: `fleet/checkout.yaml:7:14: spec.pipeline: is missing`. */
export function problemLine({ file, line, column, path, message, document }: SourceProblem): string {
  const place = [file, line, column].filter(Boolean).join(':') || document;
  return [place, path, message].filter(Boolean).join(': ');
}

/** A place in a text as editors count: the first line and column are 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The way from a document to a value in it: keys, and places in lists. */
export type ValuePath = readonly (string | number)[];

/** A path as people write it: `spec.stages[0].environment`, `metadata.labels["example.org/team"]`. */
export function pathText(path: ValuePath): string {
  return path.map(stepText).join('').replace(/^\./, '');
}

function stepText(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_$][\w$-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}
