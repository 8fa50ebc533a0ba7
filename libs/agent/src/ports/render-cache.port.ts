/**
 * Keeps what was rendered, so that a restart need not run every program again. It is not believed: what comes back is
 * checked. It may forget everything at any time.
 */
export interface RenderCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, sealed: Uint8Array): Promise<void>;
}

/** Keeps nothing. */
export const noRenderCache: RenderCache = { get: async () => undefined, put: async () => undefined };
