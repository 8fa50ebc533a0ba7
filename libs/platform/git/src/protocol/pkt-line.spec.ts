import { describe, expect, it } from 'vitest';
import { faultOf } from '../testing/fault-reason.ts';
import { packetOf, packetText, readPackets } from './pkt-line.ts';

describe('packets', () => {
  it('are counted in bytes', () => {
    expect([packetOf('command=fetch'), packetOf('ref-prefix refs/heads/größe')]).toEqual([
      '0011command=fetch',
      '0021ref-prefix refs/heads/größe',
    ]);
  });

  it.each([1, 3, 1_000])('are read from chunks of %d bytes', async (chunkBytes) => {
    expect(await read('0009first00000001000bsecond\n00040002', chunkBytes)).toEqual([
      'first',
      'flush',
      'delim',
      'second',
      '',
      'end',
    ]);
  });

  it.each<[what: string, answer: string, reason: string]>([
    ['a length that is no number', 'zzzz', 'GitAnswerMalformed'],
    ['a length shorter than itself', '0003', 'GitAnswerMalformed'],
    ['a length beyond the largest packet', 'fff1', 'GitAnswerMalformed'],
    ['a page for people', '<html>', 'GitAnswerMalformed'],
    ['an end in the middle of a packet', '0009fir', 'GitPackTruncated'],
    ['an end in the middle of a length', '00', 'GitPackTruncated'],
    ['more bytes than allowed', packetOf('x'.repeat(2_000)), 'GitPackTooLarge'],
  ])('are refused: %s', async (_what, answer, reason) => {
    expect((await faultOf(read(answer, 100))).reason).toBe(reason);
  });

  it('AT-21 an answer without an end is stopped at its bound', async () => {
    let sent = 0;
    async function* endless() {
      for (;;) yield Buffer.from(packetOf(`${++sent} and so on`));
    }
    expect((await faultOf(drain(endless()))).reason).toBe('GitPackTooLarge');
    expect(sent).toBeLessThan(100);
  });
});

async function read(answer: string, chunkBytes: number): Promise<string[]> {
  const bytes = Buffer.from(answer);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  return drain(chunks());
}

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const seen: string[] = [];
  for await (const packet of readPackets(chunks, 1_000)) {
    seen.push(packet.kind === 'data' ? packetText(packet.data) : packet.kind);
  }
  return seen;
}
