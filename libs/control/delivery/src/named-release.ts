import type { ReleaseFacts } from './facts.ts';

/** Whether people mean this release: they name one by its uid, or by how its commit begins. */
export function isNamed({ uid, revision }: Pick<ReleaseFacts, 'uid' | 'revision'>, named: string): boolean {
  return uid === named || revision.startsWith(named);
}
