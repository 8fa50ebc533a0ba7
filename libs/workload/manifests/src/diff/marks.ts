/** As long as a part of a secret has to be to tell something. */
const partLength = 6;

/** What stands for secrets while they are shown. Secrets are given as bytes, one character each. */
export class Marks {
  readonly #marks = new Map<string, string>();

  /** The mark of a secret: short, so that it cannot itself hold a part of one that would be worth anything. */
  of(secret: string): string {
    const mark = this.#marks.get(secret) ?? `••${this.#marks.size + 1}`;
    this.#marks.set(secret, mark);
    return mark;
  }

  /** What to show for a text: itself, or a mark when it holds a part of a secret, plain or encoded. */
  inText<Shown>(bytes: string, shown: Shown): Shown | string {
    const parts = partsOf(bytes);
    const hides = [...this.#marks.keys()].some(
      (secret) => sharesPart(secret, parts) || sharesPart(encoded(secret), parts),
    );
    return hides ? this.of(bytes) : shown;
  }
}

function partsOf(text: string): Set<string> {
  const parts = new Set<string>();
  for (let at = 0; at + partLength <= text.length; at++) parts.add(text.slice(at, at + partLength));
  return parts;
}

function sharesPart(text: string, parts: ReadonlySet<string>): boolean {
  if (parts.size === 0) return false;
  for (let at = 0; at + partLength <= text.length; at++) if (parts.has(text.slice(at, at + partLength))) return true;
  return false;
}

function encoded(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

/** A text as its bytes, one character each. */
export function fromText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
