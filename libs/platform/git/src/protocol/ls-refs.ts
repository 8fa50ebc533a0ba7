import { gitFault } from '../git-faults.ts';
import type { GitLimits } from '../git-limits.ts';
import type { GitRef, ListRefsOptions } from '../git-remote.ts';
import { printable } from '../printable.ts';
import { delimPacket, flushPacket, packetOf, packetText, readPackets } from './pkt-line.ts';
import { checkLine } from './refusal.ts';

const lineBytesMax = 1_024;

export function lsRefsRequest({ names = [], prefixes = [] }: ListRefsOptions): string {
  const wanted = [...names, ...prefixes].map((prefix) => packetOf(`ref-prefix ${prefix}`));
  const lines = [packetOf('peel'), packetOf('symrefs'), ...wanted];
  return packetOf('command=ls-refs') + delimPacket + lines.join('') + flushPacket;
}

/** Reads the listing. The host treats a name as a prefix and may ignore prefixes at all, so it is filtered again. */
export async function readLsRefs(
  chunks: AsyncIterable<Uint8Array>,
  options: ListRefsOptions & { readonly limits: GitLimits; readonly scrub: (text: string) => string },
): Promise<GitRef[]> {
  const { limits, scrub } = options;
  const refs: GitRef[] = [];
  let lines = 0;
  for await (const packet of readPackets(chunks, limits.refsMax * lineBytesMax)) {
    if (packet.kind !== 'data') continue;
    if (++lines > limits.refsMax) throw tooManyRefs(limits.refsMax);
    const ref = parseRef(checkLine(packetText(packet.data), scrub));
    if (ref && isAsked(ref.name, options)) refs.push(ref);
  }
  return refs;
}

/** Whether a listing with these options includes the name: every filling of the port decides it here. */
export function isAsked(name: string, { names, prefixes }: ListRefsOptions): boolean {
  if (!names && !prefixes) return true;
  return names?.includes(name) === true || prefixes?.some((prefix) => name.startsWith(prefix)) === true;
}

/** `<id> <name>[ symref-target:<name>][ peeled:<id>]`; an unborn branch has no id and is no ref yet. */
function parseRef(line: string): GitRef | undefined {
  const [id = '', name = '', ...attributes] = line.split(' ');
  if (id === 'unborn') return undefined;
  if (!/^[0-9a-f]{40}$/.test(id) || name === '') {
    throw gitFault('GitAnswerMalformed', { message: `the Git host lists a ref as "${printable(line)}"` });
  }
  const peeled = attributeOf(attributes, 'peeled');
  const target = attributeOf(attributes, 'symref-target');
  return { name, commit: peeled ?? id, ...(peeled && { tag: id }), ...(target && { target }) };
}

function attributeOf(attributes: readonly string[], name: string): string | undefined {
  return attributes.find((attribute) => attribute.startsWith(`${name}:`))?.slice(name.length + 1);
}

export function tooManyRefs(refsMax: number) {
  return gitFault('GitTooManyRefs', { message: `the repository lists more than ${refsMax} refs; delete old ones` });
}
