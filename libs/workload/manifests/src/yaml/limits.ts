/** Far above any honest manifest, far below what could hurt: what is larger is refused before it costs anything. */
export const limits = {
  /** Characters of one file. */
  fileMax: 16 * 1024 * 1024,
  /** Characters of one document, before and after its aliases are filled in. An API server takes 3 MiB. */
  documentMax: 4 * 1024 * 1024,
  /** Characters of one document that only the full parser can read; it is some forty times slower than the plain way. */
  unusualMax: 256 * 1024,
  documentsMax: 10_000,
  /** Levels of lists and mappings; the deepest custom resource definitions have about 60. */
  depthMax: 200,
} as const;
