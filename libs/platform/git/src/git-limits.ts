const mebibyte = 1024 * 1024;

/** How much a remote may make this process hold or do. Each limit is checked on the declared size, before inflating. */
export interface GitLimits {
  /** One object, declared or resulting from a delta. */
  readonly objectBytesMax: number;
  /** All objects of one pull together, inflated. */
  readonly pullBytesMax: number;
  /** One pack as it travels. */
  readonly packBytesMax: number;
  readonly packObjectsMax: number;
  /** An answer to "what changed since" with more objects than this is dropped, and the path is walked instead. */
  readonly changeObjectsMax: number;
  readonly deltaDepthMax: number;
  readonly refsMax: number;
  /** Directories within directories, counted from the root of the repository. */
  readonly treeDepthMax: number;
  /** Entries of one directory. */
  readonly treeEntriesMax: number;
  /** Files and directories below one path. */
  readonly filesMax: number;
  /** Sum of the files below one path. */
  readonly filesBytesMax: number;
  /** How much of what came along with a change is kept at hand for the neighbours of the path that asked. */
  readonly companyBytesMax: number;
  /** One operation, however many requests it takes. */
  readonly wallMs: number;
}

/** The bounds that hold unless somebody sets others: far above what honest repositories need. */
export const gitLimits: GitLimits = {
  objectBytesMax: 16 * mebibyte,
  pullBytesMax: 64 * mebibyte,
  packBytesMax: 64 * mebibyte,
  packObjectsMax: 250_000,
  changeObjectsMax: 5_000,
  deltaDepthMax: 256,
  refsMax: 50_000,
  treeDepthMax: 64,
  treeEntriesMax: 100_000,
  filesMax: 20_000,
  filesBytesMax: 64 * mebibyte,
  companyBytesMax: 4 * mebibyte,
  wallMs: 60_000,
};
