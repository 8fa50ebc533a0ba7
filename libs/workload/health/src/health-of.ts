import { groupOf, type KubeObject } from '@flotilla/model';
import { genericHealth } from './generic/generic-health.ts';
import { progressing, type Health, type HealthRule } from './health.ts';
import { rules } from './rules.ts';

/**
 * Whether an object is well, in Argo CD's words, and what a person should read if it is not. A rule of a person's own is
 * asked instead of ours; what is being deleted is neither's to judge.
 */
export function healthOf(object: KubeObject, own?: HealthRule): Health {
  if (object.metadata?.deletionTimestamp) return progressing('Deleting', deletionText(object));
  if (own) return own(object);
  const key = `${groupOf(object.apiVersion)}/${object.kind}`;
  const rule = Object.hasOwn(rules, key) ? rules[key]! : genericHealth;
  return rule(object);
}

function deletionText({ metadata }: KubeObject): string {
  const finalizers = metadata.finalizers ?? [];
  return finalizers.length > 0 ? `is being deleted, and waits for ${finalizers.join(', ')}` : 'is being deleted';
}
