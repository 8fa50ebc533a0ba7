import { Fault } from '@flotilla/foundation';

/** Gathers a body into one text and gives up as soon as it has grown beyond `bytesMax`. */
export async function gatherText(body: AsyncIterable<Uint8Array>, bytesMax = Infinity): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw answerTooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

export function answerTooLarge(bytesMax: number): Fault {
  const message = `the answer is larger than ${bytesMax} bytes`;
  return new Fault({ code: 'too-large', reason: 'AnswerTooLarge', message, consequence: { kind: 'retry' } });
}
