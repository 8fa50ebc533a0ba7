import { z } from 'zod';

/** The pattern of every name that a person chooses: it is a DNS label, so it fits a subject, a URL and Kubernetes. */
export const namePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads a name that a person chose, and says how one looks. */
export const nameSchema = z
  .string()
  .regex(namePattern, 'must be a lower-case name of letters, digits and dashes, 63 characters at most');

/** An opaque identity that the system made. */
export const uidSchema = z.string().regex(namePattern, 'must be an id that Flotilla made');

/** A commit id: 40 hexadecimal digits, or 64 in a repository that uses SHA-256. */
export const commitSchema = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full commit id');

/** The name of the project that everything belongs to when no other is named. */
export const defaultProject = 'default';

/** A commit id as people write it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 8);
}
