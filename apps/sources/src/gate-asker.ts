import type { GateKeepers, Post } from '@flotilla/control-sources';
import { Fault, type Running } from '@flotilla/foundation';
import { Outside, type OutsideAnswer, type OutsideOptions } from './outside.ts';

/** An answer is a word and a reason: who has more to say than this says something else. */
const answerBytesMax = 16_384;

/** The way to whoever is asked about a release. An answer that is too long is not read to its end. */
export class GateAsker implements GateKeepers, Running {
  readonly #outside: Outside;

  constructor(options: OutsideOptions) {
    this.#outside = new Outside(options);
  }

  ask(post: Post, signal: AbortSignal): Promise<string> {
    return this.#outside.post(post, signal, textOf);
  }

  stop(): Promise<void> {
    return this.#outside.stop();
  }
}

async function textOf({ body }: OutsideAnswer, host: string): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > answerBytesMax) throw tooLong(host);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function tooLong(host: string): Fault {
  const message = `the answer of ${host} is longer than ${answerBytesMax} bytes`;
  return new Fault({ code: 'invalid', reason: 'GateAnswerTooLong', message, consequence: { kind: 'retry' } });
}
