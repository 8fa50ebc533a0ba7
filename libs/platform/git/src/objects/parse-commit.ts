import { gitFault } from '../git-faults.ts';
import type { CommitInfo, CommitSignature, Person } from '../git-remote.ts';

/** Far more than any merge has; each parent is a header, and the rest leaves room for signatures and encodings. */
const parentsMax = 1_000;
const headersMax = parentsMax + 100;
const signatureHeaders = ['gpgsig', 'gpgsig-sha256'];

/** One header of a commit with the exact bytes it takes, continuation lines included. */
interface Header {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a commit object. The payload of a signature is cut from the raw bytes, for PGP and SSH alike: every byte but
 * the signature headers, as `git verify-commit` has it.
 */
export function parseCommit(id: string, content: Uint8Array): CommitInfo {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const headers = readHeaders(bytes);
  const tree = headers.find(({ name }) => name === 'tree')?.value;
  const parents = headers.filter(({ name }) => name === 'parent').map(({ value }) => value);
  const tooMany = parents.length > parentsMax || headers.length > headersMax;
  if (!tree || tooMany || ![tree, ...parents].every(isId)) throw malformed(id);
  const signature = signatureOf(headers, bytes);
  return {
    id,
    tree,
    parents,
    author: parsePerson(headers, 'author'),
    committer: parsePerson(headers, 'committer'),
    message: bytes.toString('utf8', Math.min(bytes.length, (headers.at(-1)?.end ?? 0) + 1)),
    ...(signature && { signature }),
  };
}

function readHeaders(bytes: Buffer): Header[] {
  const headers: Header[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0x0a && headers.length <= headersMax) {
    const end = endOfHeader(bytes, at);
    const text = bytes.toString('utf8', at, end - 1);
    const space = text.indexOf(' ');
    headers.push({
      name: text.slice(0, Math.max(0, space)),
      value: text.slice(space + 1).replaceAll('\n ', '\n'),
      start: at,
      end,
    });
    at = end;
  }
  return headers;
}

/** A line that begins with a space continues the header before it. */
function endOfHeader(bytes: Buffer, start: number): number {
  let end = start;
  do {
    const newline = bytes.indexOf(0x0a, end);
    if (newline < 0) return bytes.length;
    end = newline + 1;
  } while (bytes[end] === 0x20);
  return end;
}

function parsePerson(headers: readonly Header[], role: string): Person {
  const value = headers.find(({ name }) => name === role)?.value ?? '';
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<([^<>]*)> (\d{1,12}) [+-]\d{4}$/.exec(value) ?? [];
  return { name, email, at: Number(seconds) * 1000 };
}

function signatureOf(headers: readonly Header[], bytes: Buffer): CommitSignature | undefined {
  const signatures = headers.filter(({ name }) => signatureHeaders.includes(name));
  // Which of two signatures counts is a question that only an attacker asks.
  const [only, second] = signatures.filter(({ name }) => name === 'gpgsig');
  if (!only || second) return undefined;
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const { start, end } of signatures) {
    kept.push(bytes.subarray(at, start));
    at = end;
  }
  kept.push(bytes.subarray(at));
  return { text: only.value, payload: new Uint8Array(Buffer.concat(kept)) };
}

function isId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

function malformed(id: string) {
  return gitFault('GitCommitMalformed', {
    message: `commit ${id} has no readable tree and parents; make the change in a new commit`,
    subject: id,
  });
}
