/** A text that cannot be filled; the message says what is wrong, without the values, and `at` where in the text. */
export class SubstitutionError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** One piece of a text: written as it stands, or put in from a variable. */
export type Part = string | Reference;

/** `${name operator word…}`. The words may hold references themselves. */
export interface Reference {
  readonly name: string;
  /** Where it begins in the text. */
  readonly at: number;
  /** Empty for a bare `${name}`. */
  readonly operator: string;
  readonly words: readonly (readonly Part[])[];
}

/** Deeper than anyone writes, and shallow enough that a hostile text cannot use up the stack. */
const depthMax = 16;

/** Dots are ours: `environment.name`. Everything else is the shell's idea of a name. */
const namePattern = /[A-Za-z_][\w.]*/y;

/** Longest first, so that `##` is never read as `#` and a word that starts with `#`. */
const operatorPattern = /:[-=?+]|\^\^|,,|##|%%|\/\/|\/#|\/%|[\^,#%/:=?+-]/y;

/** Reads a text into its parts. Linear in its length; throws where a reference is not closed or has no name. */
export function parseText(text: string): readonly Part[] {
  return new Reader(text).parts(0, '');
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Everything up to one of the `ends`, which is left for the caller, or up to the end of the text. */
  parts(depth: number, ends: string): Part[] {
    const parts: Part[] = [];
    let start = this.at;
    const keep = (until: number) => until > start && parts.push(this.text.slice(start, until));
    while (this.at < this.text.length && !ends.includes(this.text.charAt(this.at))) {
      const from = this.at;
      if (this.skips('$${')) {
        keep(from);
        start = from + 1;
      } else if (this.skips('${')) {
        keep(from);
        parts.push(this.reference(depth + 1, from));
        start = this.at;
      } else if (ends && this.skips('\\')) {
        // Inside a word a backslash gives the next sign without its meaning.
        keep(from);
        start = this.at++;
      } else this.at++;
    }
    keep(this.at);
    return parts;
  }

  private reference(depth: number, from: number): Reference {
    if (depth > depthMax)
      throw new SubstitutionError(`references stand more than ${depthMax} deep in each other`, from);
    const measures = this.skips('#');
    const name = this.matched(namePattern);
    if (!name) throw new SubstitutionError('${ is not followed by a name', from);
    const operator = measures ? 'length' : (this.matched(operatorPattern) ?? '');
    const words = operator === '' || operator === 'length' ? [] : this.words(operator, depth);
    if (!this.skips('}')) throw new SubstitutionError(`\${${name} is not closed as it should be`, from);
    return { name, at: from, operator, words };
  }

  /** Only a replacement and a part have two words, each parted by its own sign. */
  private words(operator: string, depth: number): Part[][] {
    const sign = operator === ':' || operator.startsWith('/') ? operator.charAt(0) : '';
    const words = [this.parts(depth, `${sign}}`)];
    if (sign && this.skips(sign)) words.push(this.parts(depth, '}'));
    return words;
  }

  private matched(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private skips(sign: string): boolean {
    const found = this.text.startsWith(sign, this.at);
    if (found) this.at += sign.length;
    return found;
  }
}
