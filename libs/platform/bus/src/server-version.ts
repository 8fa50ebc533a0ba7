import { Fault } from '@flotilla/foundation';

/**
 * The first releases of each line that have the fixes of June 2026. Lines in between, and older ones, never got them; a
 * line that is newer than all of these began with them.
 */
const safeSince = ['2.12.12', '2.14.3'];

/** Refuses a broker that is known to be open to attacks, unless its operator says that nobody can reach it. */
export function expectSafeServer(version: string, { allowOld }: { readonly allowOld: boolean }): void {
  if (allowOld || isSafe(version)) return;
  throw new Fault({
    code: 'unavailable',
    reason: 'BrokerTooOld',
    message:
      `the broker is nats-server ${version}, which has known holes; run ${safeSince.join(' or ')} or newer, ` +
      'or set NATS_ALLOW_OLD_SERVER=true where only you can reach it',
    consequence: { kind: 'stall', until: 'the broker is updated' },
  });
}

function isSafe(version: string): boolean {
  const [major, minor, patch] = numbersOf(version);
  const lines = safeSince.map(numbersOf);
  const own = lines.find((line) => line[0] === major && line[1] === minor);
  if (own) return patch >= own[2];
  const newest = lines.at(-1)!;
  return major > newest[0] || (major === newest[0] && minor > newest[1]);
}

function numbersOf(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map((part) => Number(part) || 0);
  return [major, minor, patch];
}
