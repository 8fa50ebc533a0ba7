import type { EntrySource } from '@flotilla/model';

/** One file as it stands in the repository, relative to the root of the repository. */
export interface SourceFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** Pulls exactly one commit's paths from a Git host, verified from the commit down to each file. */
export interface SourceReader {
  /** Says that this will be read soon, so that it may come along with what is read before it. */
  expect?(source: EntrySource): void;
  read(source: EntrySource): Promise<readonly SourceFile[]>;
}
