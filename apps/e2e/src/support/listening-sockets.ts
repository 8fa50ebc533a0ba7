import { readdir, readFile, readlink } from 'node:fs/promises';

const listening = '0A';

/** Where a process listens, as `127.0.0.1:4000`: by its own open sockets, not by what anybody says of it. Linux only. */
export async function listeningSockets(pid: number): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  const own = new Set(links.map((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1]));
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/${pid}/net/${table}`, 'utf8')));
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === listening && own.has(columns[9]))
    .map((columns) => addressText(columns[1]!))
    .toSorted();
}

/** The kernel writes addresses in hexadecimal, each four bytes the other way round. */
function addressText(text: string): string {
  const [address = '', port = ''] = text.split(':');
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].toReversed());
  const isFour = bytes.length === 4;
  const shown = isFour ? bytes.join('.') : Buffer.from(bytes).toString('hex');
  return `${shown}:${Number.parseInt(port, 16)}`;
}
