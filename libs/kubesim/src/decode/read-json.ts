import type { Json } from '../schema/schema-type.ts';

export type ReadJson = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

/** Parses JSON; the problem is worded like the server's, as far as clients can depend on it. */
export function readJson(text: string): ReadJson {
  if (text.trim() === '') return { ok: false, problem: 'unexpected end of JSON input' };
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch {
    return { ok: false, problem: jsonProblem(text) };
  }
}

function jsonProblem(text: string): string {
  const first = text.trimStart()[0]!;
  if (!'{["-0123456789tfn'.includes(first)) return `invalid character '${first}' looking for beginning of value`;
  const second = text.trimStart().slice(1).trimStart()[0];
  if (first === '{' && second !== undefined && second !== '"' && second !== '}') {
    return `invalid character '${second}' looking for beginning of object key string`;
  }
  return 'unexpected end of JSON input';
}

/** The paths of the keys that an object of the text names more than once. */
export function duplicateKeys(text: string): string[] {
  return new KeyScanner(text).scan();
}

interface Level {
  /** The names seen in an object; absent for a list. */
  readonly names: Set<string> | undefined;
  readonly path: string;
  index: number;
  name: string;
}

/** Walks over valid JSON and looks at keys only: the parser of the runtime keeps the last of two equal ones silently. */
class KeyScanner {
  readonly #text: string;
  readonly #levels: Level[] = [];
  readonly #duplicates: string[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): string[] {
    for (; this.#at < this.#text.length; this.#at++) this.#look(this.#text[this.#at]!);
    return this.#duplicates;
  }

  #look(character: string): void {
    const level = this.#levels.at(-1);
    switch (character) {
      case '{':
      case '[':
        this.#levels.push({
          names: character === '{' ? new Set() : undefined,
          path: this.#path(),
          index: 0,
          name: '',
        });
        break;
      case '}':
      case ']':
        this.#levels.pop();
        break;
      case ',':
        if (level) level.index++;
        break;
      case '"':
        this.#string(level);
        break;
      default:
    }
  }

  #string(level: Level | undefined): void {
    const start = this.#at;
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === '\\') this.#at++;
    const isKey = level?.names && /^\s*:/.test(this.#text.slice(this.#at + 1, this.#at + 20));
    if (!isKey) return;
    level.name = JSON.parse(this.#text.slice(start, this.#at + 1)) as string;
    if (level.names.has(level.name)) this.#duplicates.push(this.#path());
    level.names.add(level.name);
  }

  /** The place of the value that comes next. */
  #path(): string {
    const level = this.#levels.at(-1);
    if (!level) return '';
    if (!level.names) return `${level.path}[${level.index}]`;
    return level.path === '' ? level.name : `${level.path}.${level.name}`;
  }
}
