/** One file of a repository, its path from the root of the repository. */
export interface RenderFile {
  readonly path: string;
  readonly content: Uint8Array;
}
