import type { GitObject } from './git-object.ts';

/**
 * A cache of objects by id: bounded, so anything in it may be gone by the next call. An object that comes out has the
 * content that its id says; one that was damaged where it lay is dropped and reads as absent.
 */
export interface ObjectStore {
  get(oid: string): Promise<GitObject | undefined>;
  has(oid: string): Promise<boolean>;
  put(object: GitObject): Promise<void>;
}
