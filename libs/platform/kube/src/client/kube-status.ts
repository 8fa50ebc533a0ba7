/** One reason among those that a `Status` lists. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** Kubernetes' own description of a failure, or of a deletion that succeeded. */
export interface KubeStatus {
  readonly kind: 'Status';
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

/** The `Status` in a body; a body that is none, such as `404 page not found`, becomes its message. */
export function readStatus(text: string): KubeStatus {
  try {
    const parsed = JSON.parse(text) as KubeStatus | null;
    if (parsed?.kind === 'Status') return parsed;
  } catch {
    // It is the message then.
  }
  return { kind: 'Status', message: text.trim() };
}

/**
 * Whether a 404 means the path and not the object: the kind is not served any more, or never was. A missing object
 * is always named in the details.
 */
export function isPathMissing({ details }: KubeStatus): boolean {
  return !details?.name;
}
