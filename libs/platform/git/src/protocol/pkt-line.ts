import { gitFault } from '../git-faults.ts';
import { ByteQueue } from '../pack/byte-queue.ts';

/** One packet of the protocol: a line of data, or one of its three marks. */
export type Packet =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'flush' | 'delim' | 'end' };

const marks: Readonly<Record<number, 'flush' | 'delim' | 'end'>> = { 0: 'flush', 1: 'delim', 2: 'end' };
const packetBytesMax = 65_520;
const lengthBytes = 4;

export const flushPacket = '0000';
export const delimPacket = '0001';

/** A line as it goes out; its length is counted in bytes. */
export function packetOf(line: string): string {
  return (Buffer.byteLength(line) + lengthBytes).toString(16).padStart(lengthBytes, '0') + line;
}

/** The packets of an answer. It has to end between two packets, and may not be longer than `bytesMax`. */
export async function* readPackets(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Packet, void, void> {
  const queue = new ByteQueue();
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw tooLong(bytesMax);
    queue.push(chunk);
    for (let packet = takePacket(queue); packet; packet = takePacket(queue)) yield packet;
  }
  if (queue.length > 0) throw gitFault('GitPackTruncated', { message: 'the answer of the Git host was cut short' });
}

/** A data packet as text, without the newline that may end it. */
export function packetText(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8').replace(/\n$/, '');
}

function takePacket(queue: ByteQueue): Packet | undefined {
  if (queue.length < lengthBytes) return undefined;
  const length = readLength(queue.peek(lengthBytes));
  const mark = marks[length];
  if (mark) {
    queue.take(lengthBytes);
    return { kind: mark };
  }
  if (queue.length < length) return undefined;
  queue.take(lengthBytes);
  return { kind: 'data', data: queue.take(length - lengthBytes) };
}

function readLength(bytes: Uint8Array): number {
  const text = Buffer.from(bytes).toString('latin1');
  const length = /^[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text, 16) : -1;
  if (length >= 0 && length <= packetBytesMax && length !== 3) return length;
  throw gitFault('GitAnswerMalformed', { message: 'the answer of the Git host does not follow the Git protocol' });
}

function tooLong(bytesMax: number) {
  return gitFault('GitPackTooLarge', {
    message: `the answer of the Git host has more than ${bytesMax} bytes; narrow the path, or let the host allow filters`,
  });
}
