import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';

/** Makes opaque identities. They are safe as a NATS token, a Kubernetes name, a URL segment. */
export interface Ids {
  next(): string;
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * Sixteen base-32 characters of time and randomness: ids made later sort later to the second, which keeps database
 * indexes dense, and 45 random bits keep two makers in one second apart.
 */
export function createIds(clock: Clock = systemClock, fill: (bytes: Uint8Array) => void = fillRandom): Ids {
  return {
    next: () => {
      const bytes = new Uint8Array(9);
      fill(bytes);
      return encodeSeconds(Math.floor(clock.now() / 1000)) + Array.from(bytes, (byte) => alphabet[byte & 31]).join('');
    },
  };
}

/** Identities from the platform's clock and randomness. */
export const systemIds: Ids = createIds();

function encodeSeconds(seconds: number): string {
  let rest = seconds;
  let text = '';
  for (let place = 0; place < 7; place++) {
    text = alphabet[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function fillRandom(bytes: Uint8Array): void {
  globalThis.crypto.getRandomValues(bytes as Uint8Array<ArrayBuffer>);
}
