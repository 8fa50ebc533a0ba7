/** A value of plain YAML. Every scalar is text: the fields of a kubeconfig that matter are. */
export type PlainValue = string | null | readonly PlainValue[] | { readonly [field: string]: PlainValue };

/**
 * Reads the plain block YAML that `kubectl config` writes (and JSON), and nothing else: anchors, tags, folded text,
 * filled flow collections and the like give `undefined`, and the caller takes a full reader. It never guesses.
 */
export function readPlainYaml(text: string): PlainValue | undefined {
  if (text.trimStart().startsWith('{')) return readJson(text);
  try {
    const lines = linesOf(text);
    const reader = new Reader(lines);
    const value = reader.block(lines[0]?.indent ?? 0);
    return reader.atEnd ? value : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

interface Line {
  readonly indent: number;
  readonly text: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#') || (index === 0 && line === '---')) continue;
    if (line.includes('\t') || /^(---|\.\.\.|%)/.test(line)) throw new NotPlain();
    lines.push({ indent: line.length - content.length, text: content.trimEnd() });
  }
  return lines;
}

const keyPattern = /^("[^"\\]*"|'[^']*'|[A-Za-z0-9_./][^\s:#"']*):(?: +(.*))?$/;

class Reader {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = [...lines];
  }

  get atEnd(): boolean {
    return this.#at === this.#lines.length;
  }

  /** The map or list whose lines stand at `indent`. */
  block(indent: number): PlainValue {
    return this.#here(indent)?.text.startsWith('-') ? this.#list(indent) : this.#map(indent);
  }

  #map(indent: number): PlainValue {
    const fields: Record<string, PlainValue> = {};
    for (let line = this.#here(indent); line && !line.text.startsWith('-'); line = this.#here(indent)) {
      const [, quotedKey, value] = keyPattern.exec(line.text) ?? fail();
      const key = quotedKey!.replace(/^["'](.*)["']$/, '$1');
      if (Object.hasOwn(fields, key) || key === '__proto__') throw new NotPlain();
      this.#at++;
      fields[key] = value === undefined || value.startsWith('#') ? this.#nested(indent) : scalar(value);
    }
    return fields;
  }

  #list(indent: number): PlainValue {
    const items: PlainValue[] = [];
    for (let line = this.#here(indent); line?.text.startsWith('-'); line = this.#here(indent)) {
      const [, gap, rest] = /^-( +)(.+)$/.exec(line.text) ?? fail();
      if (!keyPattern.test(rest!)) {
        this.#at++;
        items.push(scalar(rest!));
        continue;
      }
      // `- name: a` opens a map whose first line stands where its text does.
      const inner = indent + 1 + gap!.length;
      this.#lines[this.#at] = { indent: inner, text: rest! };
      items.push(this.#map(inner));
    }
    return items;
  }

  /** What follows `key:`. A list may stand at the indentation of its key, as kubectl writes it. */
  #nested(indent: number): PlainValue {
    const next = this.#lines[this.#at];
    if (next && next.indent > indent) return this.block(next.indent);
    return next?.indent === indent && next.text.startsWith('-') ? this.#list(indent) : null;
  }

  #here(indent: number): Line | undefined {
    const line = this.#lines[this.#at];
    return line?.indent === indent ? line : undefined;
  }
}

function scalar(text: string): PlainValue {
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (text === 'null' || text === '~') return null;
  const [, double, single] = /^(?:"([^"\\]*)"|'([^']*)')(?: +#.*)?$/.exec(text) ?? [];
  if (double !== undefined || single !== undefined) return (double ?? single)!;
  if (/^(["'&*!|>%@`[\]{},?]|-( |$))|:( |$)/.test(text)) throw new NotPlain();
  return text.replace(/ +#.*$/, '');
}

function readJson(text: string): PlainValue | undefined {
  try {
    return JSON.parse(text, (_key, value: unknown) => (isScalar(value) ? String(value) : value)) as PlainValue;
  } catch {
    return undefined;
  }
}

function isScalar(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function fail(): never {
  throw new NotPlain();
}
