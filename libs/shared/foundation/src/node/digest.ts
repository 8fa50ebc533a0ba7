import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../canonical.ts';

/** SHA-256 in lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** The digest of a value, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** A digest that only who knows the key can make, in lower-case hexadecimal. */
export function hmacSha256(key: string | Uint8Array, data: string | Uint8Array): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

/** Compares two secrets in a time that does not tell where they differ. */
export function equalSecrets(left: string, right: string): boolean {
  const [a, b] = [hash('sha256', left, 'buffer'), hash('sha256', right, 'buffer')];
  return timingSafeEqual(a, b);
}
