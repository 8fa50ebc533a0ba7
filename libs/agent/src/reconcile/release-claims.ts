import { intentOf, objectId, type ObjectKey } from '@flotilla/model';
import type { StepPorts } from './step.ts';
import type { RenderedTarget, TargetMemory } from './target-memory.ts';

/** What was rendered and claimed, and nothing of it ever made, is free again. */
export function releaseClaims({ rendered, record, target }: TargetMemory, { claims }: Pick<StepPorts, 'claims'>): void {
  const made = new Set(record.inventory.map(({ key }) => objectId(key)));
  for (const { key } of rendered ? membersOf(rendered) : []) if (!made.has(objectId(key))) claims.release(key, target);
}

/** An object that went is still this target's to make while it is rendered: a hook whose object did its work comes again. */
export function isStillClaimed({ entry, rendered }: TargetMemory, key: ObjectKey): boolean {
  if (!entry || intentOf(entry) !== 'run' || !rendered) return false;
  const id = objectId(key);
  return membersOf(rendered).some((member) => objectId(member.key) === id);
}

function membersOf({ objects, hooks }: RenderedTarget): readonly { readonly key: ObjectKey }[] {
  return [...objects, ...hooks];
}
