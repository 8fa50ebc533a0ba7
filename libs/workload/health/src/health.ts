import { shortened } from '@flotilla/foundation';
import type { HealthStatus, KubeObject, Reason } from '@flotilla/model';

/** How well an object is, and why it is not well; an object that is well needs no reason. */
export interface Health {
  readonly status: HealthStatus;
  readonly reason?: Reason;
}

/** How objects of one kind show whether they are well. Pure: it looks at the object and nothing else. */
export type HealthRule = (object: KubeObject) => Health;

export const healthy: Health = { status: 'Healthy' };

export function progressing(code: string, message: string): Health {
  return { status: 'Progressing', reason: reasonOf(code, message) };
}

export function degraded(code: string, message: string): Health {
  return { status: 'Degraded', reason: reasonOf(code, message) };
}

export function suspended(code: string, message: string): Health {
  return { status: 'Suspended', reason: reasonOf(code, message) };
}

export function unknown(code: string, message: string): Health {
  return { status: 'Unknown', reason: reasonOf(code, message) };
}

/** What comes from a cluster may be of any length. */
export function reasonOf(code: string, message: string): Reason {
  return { code: shortened(code, 64), message: shortened(message, 2_000) };
}
