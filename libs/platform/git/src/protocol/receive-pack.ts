import { gitFault } from '../git-faults.ts';
import { printable } from '../printable.ts';
import { formatUnsupported } from './capabilities.ts';
import { flushPacket, packetOf, packetText, readPackets } from './pkt-line.ts';
import { checkLine } from './refusal.ts';

type Scrub = (text: string) => string;

/** What a host that takes a push says before it: where its refs point, and how it will report. */
export interface ReceiveOffer {
  readonly refs: ReadonlyMap<string, string>;
  readonly capabilities: ReadonlySet<string>;
}

export interface RefUpdate {
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** What a host reports of a push; `why` is what it says when it refuses. */
export type PushReport = { readonly taken: true } | { readonly taken: false; readonly why: string };

const noCommit = '0'.repeat(40);
const advertisementBytesMax = 64 * 1024 * 1024;
const reportBytesMax = 1024 * 1024;
const saidMax = 500;

/** Reads the refs as version 0 of the protocol lists them: the first line has the capabilities behind a zero byte. */
export async function readReceiveOffer(chunks: AsyncIterable<Uint8Array>, scrub: Scrub): Promise<ReceiveOffer> {
  const refs = new Map<string, string>();
  let capabilities: ReadonlySet<string> | undefined;
  for await (const packet of readPackets(chunks, advertisementBytesMax)) {
    if (packet.kind !== 'data') continue;
    const line = checkLine(packetText(packet.data), scrub);
    if (line.startsWith('# service=') || line === 'version 1') continue;
    const [listed = '', offered = ''] = line.split('\0', 2);
    const [, id, name] = /^([0-9a-f]{40}) (.+)$/.exec(listed) ?? [];
    if (id === undefined || name === undefined) throw malformed(line);
    capabilities ??= new Set(offered.trim().split(' '));
    if (id !== noCommit) refs.set(name, id);
  }
  if (!capabilities?.has('report-status')) throw noReport();
  const format = [...capabilities].find((each) => each.startsWith('object-format='))?.slice('object-format='.length);
  if (format && format !== 'sha1') throw formatUnsupported(format);
  return { refs, capabilities };
}

/** One ref to be moved, and the pack with what the host lacks. */
export function pushRequest({ ref, before, after }: RefUpdate, pack: Uint8Array, offer: ReceiveOffer): Uint8Array {
  const wished = ['report-status', 'side-band-64k', 'quiet'].filter((each) => offer.capabilities.has(each));
  const command = packetOf(`${before ?? noCommit} ${after} ${ref}\0 ${[...wished, 'agent=git/flotilla'].join(' ')}`);
  return Buffer.concat([Buffer.from(command + flushPacket), pack]);
}

/**
 * Reads the report. A host that ends without one said nothing at all, which is not a yes. What it prints for people beside
 * the report is often the only place where a hook says why.
 */
export async function readPushReport(
  chunks: AsyncIterable<Uint8Array>,
  { ref, offer, scrub }: { readonly ref: string; readonly offer: ReceiveOffer; readonly scrub: Scrub },
): Promise<PushReport> {
  const said: string[] = [];
  const lines: string[] = [];
  const report = offer.capabilities.has('side-band-64k') ? reportChannel(chunks, said, scrub) : chunks;
  // To its very end, so that the connection can serve the next request.
  for await (const packet of readPackets(report, reportBytesMax)) {
    if (packet.kind === 'data') lines.push(checkLine(packetText(packet.data), scrub));
  }
  const refusal = lines.find((line) => line.startsWith(`ng ${ref} `))?.slice(`ng ${ref} `.length);
  const unpack = lines.find((line) => line.startsWith('unpack '))?.slice('unpack '.length);
  if (unpack === 'ok' && lines.includes(`ok ${ref}`)) return { taken: true };
  if (refusal !== undefined) return refusedFor([refusal, ...said], scrub);
  if (unpack !== undefined && unpack !== 'ok') return refusedFor([unpack, ...said], scrub);
  throw gitFault('GitPackTruncated', { message: 'the Git host ended before it said what became of the push' });
}

const reportChannelNumber = 1;
const messageChannelNumber = 2;

/** The report as it was wrapped once more, with what was said to people put aside. */
async function* reportChannel(
  chunks: AsyncIterable<Uint8Array>,
  said: string[],
  scrub: Scrub,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const packet of readPackets(chunks, reportBytesMax)) {
    if (packet.kind !== 'data') continue;
    const [channel, text] = [packet.data[0], packet.data.subarray(1)];
    if (channel === reportChannelNumber) yield text;
    else if (channel === messageChannelNumber) said.push(packetText(text));
    else throw gitFault('GitHostRefused', { message: `the Git host says: ${wordsOf([packetText(text)], scrub)}` });
  }
}

function refusedFor(said: readonly string[], scrub: Scrub): PushReport {
  return { taken: false, why: wordsOf(said, scrub) };
}

function wordsOf(said: readonly string[], scrub: Scrub): string {
  const words = scrub(said.join(' ')).replaceAll(/\s+/g, ' ').trim();
  return printable(words, saidMax);
}

function malformed(line: string) {
  return gitFault('GitAnswerMalformed', { message: `the Git host lists a ref as "${printable(line, 100)}"` });
}

function noReport() {
  return gitFault('GitProtocolUnsupported', {
    message: 'the Git host does not report what becomes of a push; update it, or let a newer host mirror it',
  });
}
