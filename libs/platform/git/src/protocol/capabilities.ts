import { gitFault } from '../git-faults.ts';
import { packetText, readPackets } from './pkt-line.ts';
import { checkLine } from './refusal.ts';

/** What a host offers, as far as it matters here. */
export interface Capabilities {
  /** It can leave out what is not asked for; without, a first pull brings the whole tree. */
  readonly filter: boolean;
}

const advertisementBytesMax = 256 * 1024;

/** Reads the answer to `info/refs`: version 2 and SHA-1 ids, or a fault that says what is missing. */
export async function readCapabilities(
  chunks: AsyncIterable<Uint8Array>,
  scrub: (text: string) => string,
): Promise<Capabilities> {
  const lines: string[] = [];
  for await (const packet of readPackets(chunks, advertisementBytesMax)) {
    if (packet.kind === 'data') lines.push(checkLine(packetText(packet.data), scrub));
    // Version 0 lists every ref here; that list is of no use, however long it is.
    if (lines.length > 1 && !lines.includes('version 2')) throw versionUnsupported();
  }
  if (!lines.includes('version 2')) throw versionUnsupported();
  const format = valueOf(lines, 'object-format') ?? 'sha1';
  if (format !== 'sha1') throw formatUnsupported(format);
  return { filter: (valueOf(lines, 'fetch') ?? '').split(' ').includes('filter') };
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

function versionUnsupported() {
  return gitFault('GitProtocolUnsupported', {
    message: 'the Git host does not speak version 2 of the Git protocol; update it, or let a newer host mirror it',
  });
}

export function formatUnsupported(format: string) {
  return gitFault('GitObjectFormatUnsupported', {
    message: `the repository uses ${format.slice(0, 20)} object ids; only SHA-1 repositories can be read`,
  });
}
