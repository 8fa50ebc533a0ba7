import type { Repair } from './repairs.port.ts';

/** The branch that a repair proposes, and the one it is for: by its uid, so that every look finds the same. */
export function placeOf({ uid, branch }: Repair): { branch: string; into: string } {
  return { branch: `flotilla/repair-${uid}`, into: branch };
}
