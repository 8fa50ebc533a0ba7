/** What the broker says, piece by piece. */
export type NatsWord =
  | { readonly verb: 'INFO'; readonly text: string }
  | { readonly verb: 'PING' | 'PONG' | '+OK' }
  | { readonly verb: '-ERR'; readonly text: string }
  | { readonly verb: 'MSG'; readonly subject: string; readonly head: string; readonly data: Uint8Array };

/** Cuts the bytes of a NATS connection into words. It keeps what has come only in part, and nothing else. */
export class NatsReader {
  #rest: Buffer | undefined;

  *read(chunk: Buffer): Generator<NatsWord> {
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const end = bytes.indexOf('\r\n', at);
      if (end < 0) break;
      const line = bytes.toString('latin1', at, end);
      const begin = end + 2;
      const { headBytes, allBytes } = sizesOf(line);
      const next = allBytes === undefined ? begin : begin + allBytes + 2;
      if (next > bytes.length) break;
      const payload = bytes.subarray(begin, begin + (allBytes ?? 0));
      yield wordOf(line, payload.toString('latin1', 0, headBytes), payload.subarray(headBytes));
      at = next;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : undefined;
  }
}

/** `MSG subject sid [reply] bytes` and `HMSG subject sid [reply] headBytes bytes`; others carry nothing. */
function sizesOf(line: string): { headBytes: number; allBytes: number | undefined } {
  if (!line.startsWith('MSG ') && !line.startsWith('HMSG ')) return { headBytes: 0, allBytes: undefined };
  const words = line.split(' ');
  return { headBytes: line.startsWith('HMSG ') ? Number(words.at(-2)) : 0, allBytes: Number(words.at(-1)) };
}

function wordOf(line: string, head: string, data: Uint8Array): NatsWord {
  const space = line.indexOf(' ');
  const verb = space < 0 ? line : line.slice(0, space);
  const text = space < 0 ? '' : line.slice(space + 1);
  if (verb === 'MSG' || verb === 'HMSG') return { verb: 'MSG', subject: text.slice(0, text.indexOf(' ')), head, data };
  if (verb === 'INFO' || verb === '-ERR') return { verb, text };
  return { verb: verb as 'PING' };
}
