/**
 * The renderer of plain YAML and its version. It is part of every source digest: a renderer that may give other
 * results from the same files gets another version here.
 */
export const plainRenderer = 'plain/1';
