import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { GitObject, GitObjectType } from '../objects/git-object.ts';
import { entryHeader } from './write-entry-header.ts';

const typeNumbers: Readonly<Record<GitObjectType, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** A pack of whole objects, each once: what is pushed is a handful of directories, so differences would save nothing. */
export function packOf(objects: readonly GitObject[]): Buffer {
  const each = [...new Map(objects.map((object) => [object.oid, object])).values()];
  const header = Buffer.alloc(12);
  header.write('PACK', 0, 'latin1');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(each.length, 8);
  const entries = each.map(({ type, content }) =>
    Buffer.concat([entryHeader(typeNumbers[type], content.byteLength), deflateSync(content)]),
  );
  const body = Buffer.concat([header, ...entries]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
