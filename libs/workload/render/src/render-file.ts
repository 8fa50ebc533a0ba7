/** One file of a repository, its path from the root of the repository. */
export interface RenderFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** A name in a folder of the repository, whose root is `.`. */
export function inFolder(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}

/** Whether a file is the one at this path, or in the folder at it. */
export function isInside(path: string, root: string): boolean {
  return root === '.' || path === root || path.startsWith(`${root}/`);
}
