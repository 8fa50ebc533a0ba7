/** Rewrites one direction of one connection: what goes on for the bytes that came, in order. */
export type MessageFilter = (chunk: Buffer) => Promise<readonly Buffer[]> | readonly Buffer[];
