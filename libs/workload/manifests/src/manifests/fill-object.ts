import { done, refused, type Outcome } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { annotation } from '../order/annotations.ts';
import { problemAt } from '../yaml/problem-at.ts';
import { resolvePlain } from '../yaml/resolve-plain.ts';
import { scalarAt } from '../yaml/position-of.ts';
import type { SourceProblem, ValuePath } from '../yaml/source-problem.ts';
import type { WrittenObject } from './expand-lists.ts';
import { identitySlips } from './identity-slips.ts';
import { isMapping } from './slip.ts';
import { textSlips } from './text-fields.ts';

/** Puts values into a text, or says what stands in the way, and on which of its lines, counted from 1. */
export type FillText = (text: string) => Outcome<string, { readonly message: string; readonly line: number }>;

/**
 * Fills the texts of one object, keys as well. Each text stays one scalar: a value cannot bring fields of its own. What is
 * written with quotes stays text; without quotes it means what YAML reads in the filled text, except where the field takes
 * nothing but text. An object that says so is left as it is.
 */
export function fillObject(written: WrittenObject, fill: FillText): Outcome<WrittenObject, readonly SourceProblem[]> {
  if (keepsItsTexts(written.value)) return done(written);
  const filling = new Filling(written, fill);
  const value = filling.value();
  return filling.problems.length > 0 ? refused(filling.problems) : done({ ...written, value });
}

/** Flux's word for it, as a label or an annotation, and ours. */
function keepsItsTexts(value: unknown): boolean {
  if (!isMapping(value) || !isMapping(value['metadata'])) return false;
  const { labels } = value['metadata'];
  const object = value as KubeObject;
  return (
    annotation(object, 'flotilla.dev/substitute') === 'disabled' ||
    annotation(object, fluxMark) === 'disabled' ||
    (isMapping(labels) && labels[fluxMark] === 'disabled')
  );
}

const fluxMark = 'kustomize.toolkit.fluxcd.io/substitute';

class Filling {
  readonly problems: SourceProblem[] = [];
  readonly #written: WrittenObject;
  readonly #fill: FillText;
  /** Texts that read as something else, by their paths: where a field takes only text, they are text after all. */
  readonly #texts = new Map<string, string>();

  constructor(written: WrittenObject, fill: FillText) {
    this.#written = written;
    this.#fill = fill;
  }

  value(): unknown {
    const filled = this.#filled(this.#written.value, []);
    if (this.#texts.size === 0 || !isMapping(filled)) return filled;
    const named = this.#asText(
      filled,
      identitySlips(filled).map(({ path }) => path),
    );
    if (identitySlips(named).length > 0) return named;
    return this.#asText(
      named,
      textSlips(named as KubeObject).map(({ path }) => path),
    );
  }

  #filled(value: unknown, path: ValuePath): unknown {
    if (typeof value === 'string') return value.includes('${') ? this.#filledText(value, path) : value;
    if (Array.isArray(value)) return value.map((item, index) => this.#filled(item, [...path, index]));
    if (!isMapping(value)) return value;
    const fields = new Map<string, unknown>();
    for (const [key, child] of Object.entries(value)) {
      const name = key.includes('${') ? this.#textAt(key, [...path, key]) : key;
      if (fields.has(name)) this.#problem([...path, key], `stands here twice once it is filled`);
      fields.set(name, this.#filled(child, [...path, key]));
    }
    return Object.fromEntries(fields);
  }

  #filledText(text: string, path: ValuePath): unknown {
    const filled = this.#textAt(text, path);
    if (this.#scalarAt(path)?.style !== 'plain') return filled;
    const value = resolvePlain(filled);
    if (value === undefined) this.#problem(path, 'is a number that cannot be kept as it is; put quotes around it');
    if (value !== filled) this.#texts.set(pathId(path), filled);
    return value;
  }

  #textAt(text: string, path: ValuePath): string {
    const filled = this.#fill(text);
    if (filled.ok) return filled.value;
    this.#problem(path, filled.reason.message, filled.reason.line);
    return text;
  }

  /** Only in a literal block do the lines of a text stand one by one in the file. */
  #problem(path: ValuePath, message: string, line = 1): void {
    const { source } = this.#written;
    const problem = problemAt(source, this.#whole(path), message);
    const scalar = this.#scalarAt(path);
    this.problems.push(scalar?.style === 'literal' ? { ...problem, line: scalar.line + line, column: 1 } : problem);
  }

  #scalarAt(path: ValuePath) {
    return scalarAt(this.#written.source, this.#whole(path));
  }

  #whole(path: ValuePath): ValuePath {
    return [...this.#written.path, ...path];
  }

  #asText(value: Readonly<Record<string, unknown>>, paths: readonly ValuePath[]): Readonly<Record<string, unknown>> {
    return paths.reduce((changed, path) => {
      const text = this.#texts.get(pathId(path));
      return text === undefined ? changed : (withText(changed, path, text) as typeof value);
    }, value);
  }
}

function pathId(path: ValuePath): string {
  return JSON.stringify(path);
}

function withText(value: unknown, [step, ...rest]: ValuePath, text: string): unknown {
  if (step === undefined) return text;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? withText(item, rest, text) : item));
  const mapping = value as Readonly<Record<string, unknown>>;
  return { ...mapping, [step]: withText(mapping[step], rest, text) };
}
