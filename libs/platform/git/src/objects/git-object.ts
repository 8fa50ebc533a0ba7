import { createHash } from 'node:crypto';

export const gitObjectTypes = ['commit', 'tree', 'blob', 'tag'] as const;
export type GitObjectType = (typeof gitObjectTypes)[number];

/** An object whose id was computed here from its content; nobody else's word is ever taken for it. */
export interface GitObject {
  readonly oid: string;
  readonly type: GitObjectType;
  readonly content: Uint8Array;
}

/** The only way to make a `GitObject`: its id is the hash of what it holds. */
export function gitObject(type: GitObjectType, content: Uint8Array): GitObject {
  return { oid: objectId(type, content), type, content };
}

/** The id that Git gives an object: every byte of it is covered. */
export function objectId(type: GitObjectType, content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.byteLength}\0`).update(content).digest('hex');
}
