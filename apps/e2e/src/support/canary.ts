import { randomBytes } from 'node:crypto';

/** So many characters in a row do not come together by chance, even in megabytes of text. */
const runLength = 8;

/** A secret that is watched for: random, and recognised from a part of it, in whatever clothes it comes. */
export class Canary {
  readonly name: string;
  readonly value: string;
  readonly #runs: ReadonlySet<string>;

  constructor(name: string, value = randomBytes(24).toString('hex')) {
    this.name = name;
    this.value = value;
    const escaped = JSON.stringify(value).slice(1, -1);
    const clothes = [value, escaped, encodeURIComponent(value), ...encodings(value)];
    this.#runs = new Set(clothes.flatMap(runsOf));
  }

  /** The first part of it that stands in this text. */
  in(text: string): string | undefined {
    for (let at = 0; at + runLength <= text.length; at++) {
      const run = text.slice(at, at + runLength);
      if (this.#runs.has(run)) return text.slice(Math.max(0, at - 60), at + runLength + 20);
    }
    return undefined;
  }
}

/** Base64 depends on what stands before: three shifts cover them all, without the ends that neighbours change. */
function encodings(value: string): string[] {
  return ['', '-', '--'].map((before) =>
    Buffer.from(before + value)
      .toString('base64')
      .slice(4, -4),
  );
}

function runsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - runLength + 1) }, (_, at) => text.slice(at, at + runLength));
}
