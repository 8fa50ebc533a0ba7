import { gitFault } from '../git-faults.ts';
import type { FetchRequest } from '../pull/object-source.ts';
import { delimPacket, flushPacket, packetOf, packetText, readPackets, type Packet } from './pkt-line.ts';
import { checkLine, raiseRefusal } from './refusal.ts';

/** The request in one go: everything that is known is said at once, and `done` ends the negotiation before it begins. */
export function fetchRequest(request: FetchRequest, capabilities: { readonly filter: boolean }): string {
  const { wants, have, haveIsShallow, tipOnly, filter } = request;
  const lines = [
    ...(have ? ['thin-pack'] : []),
    'ofs-delta',
    'no-progress',
    ...(tipOnly ? ['deepen 1'] : []),
    ...(filter && capabilities.filter ? [`filter ${filter}`] : []),
    ...(have && haveIsShallow ? [`shallow ${have}`] : []),
    ...wants.map((oid) => `want ${oid}`),
    ...(have ? [`have ${have}`] : []),
    'done',
  ];
  return packetOf('command=fetch') + delimPacket + lines.map(packetOf).join('') + flushPacket;
}

const packChannel = 1;
const errorChannel = 3;

/**
 * The bytes of the pack in the answer: sections before it are skipped, channels are taken apart. The answer is read to
 * its very end, so that the connection can serve the next request.
 */
export async function* readFetchedPack(
  chunks: AsyncIterable<Uint8Array>,
  options: { readonly bytesMax: number; readonly scrub: (text: string) => string },
): AsyncGenerator<Uint8Array, void, void> {
  const packets = readPackets(chunks, options.bytesMax + sidebandOverheadMax(options.bytesMax));
  try {
    await skipToPack(packets, options.scrub);
    let ended = false;
    for await (const packet of packets) {
      if (packet.kind !== 'data') ended = true;
      else if (packet.data[0] === errorChannel) raiseRefusal(packetText(packet.data.subarray(1)), options.scrub);
      else if (packet.data[0] === packChannel && !ended) yield packet.data.subarray(1);
    }
    if (!ended) throw gitFault('GitPackTruncated', { message: 'the answer of the Git host was cut short' });
  } finally {
    await packets.return();
  }
}

async function skipToPack(packets: AsyncGenerator<Packet, void, void>, scrub: (text: string) => string): Promise<void> {
  for (;;) {
    const { done, value } = await packets.next();
    if (done) throw gitFault('GitPackTruncated', { message: 'the answer of the Git host ended before its pack' });
    if (value.kind === 'data' && checkLine(packetText(value.data), scrub) === 'packfile') return;
  }
}

/** Five bytes a packet, and hosts may send small ones; progress is not asked for. */
function sidebandOverheadMax(bytesMax: number): number {
  return Math.ceil(bytesMax / 8) + 64 * 1024;
}
