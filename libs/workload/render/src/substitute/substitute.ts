import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Variables } from '@flotilla/model';
import { isDefault, operations } from './operations.ts';
import { parseText, SubstitutionError, type Part, type Reference } from './parse-text.ts';

/** How strictly a text is filled. */
export interface SubstituteOptions {
  /** `strict` refuses a name that is not set and has no default; `lenient` puts nothing in its place, as a shell does. */
  readonly undefined: 'strict' | 'lenient';
}

/** Why a text cannot be filled, and on which of its lines, counted from 1. */
export interface SubstituteProblem {
  readonly message: string;
  readonly line: number;
}

/**
 * Fills every `${name}` of a text, with Flux's meaning: `${name:=default}`, `${name:3:2}`, `${name^^}`, `${name##*.}`,
 * `${name/a/b}` and their kin work as in a shell; `$${name}` stands for `${name}` itself; `$name` is left alone, so that
 * scripts keep their own variables. What was put in is never read again: a value cannot smuggle in another reference.
 */
export function substitute(
  text: string,
  variables: Variables,
  options: SubstituteOptions,
): Outcome<string, SubstituteProblem> {
  try {
    return done(fill(parseText(text), variables, options));
  } catch (error) {
    if (!(error instanceof SubstitutionError)) throw error;
    return refused({ message: error.message, line: text.slice(0, error.at).split('\n').length });
  }
}

function fill(parts: readonly Part[], variables: Variables, options: SubstituteOptions): string {
  return parts.map((part) => (typeof part === 'string' ? part : resolve(part, variables, options))).join('');
}

function resolve(reference: Reference, variables: Variables, options: SubstituteOptions): string {
  const { name, at, operator, words } = reference;
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined && options.undefined === 'strict' && !isDefault(operator)) {
    throw new SubstitutionError(`variable not set: ${name}`, at);
  }
  const operation = operations.get(operator);
  if (!operation) throw new SubstitutionError(`\${${name}${operator}…} is no substitution that is known`, at);
  // A default that is not needed is not filled: it may name what is not set here.
  if (isDefault(operator) && value) return value;
  const filled = words.map((word) => fill(word, variables, options));
  try {
    return operation(value ?? '', filled);
  } catch (error) {
    throw error instanceof RangeError ? new SubstitutionError(`\${${name}}: ${error.message}`, at) : error;
  }
}
