import { groupOf, type KubeObject } from '@flotilla/model';
import { genericHealth } from './generic/generic-health.ts';
import { progressing, type Health } from './health.ts';
import { rules } from './rules.ts';

/** Whether an object is well, in Argo CD's words, and what a person should read if it is not. */
export function healthOf(object: KubeObject): Health {
  if (object.metadata?.deletionTimestamp) return progressing('Deleting', deletionText(object));
  const key = `${groupOf(object.apiVersion)}/${object.kind}`;
  const rule = Object.hasOwn(rules, key) ? rules[key]! : genericHealth;
  return rule(object);
}

function deletionText({ metadata }: KubeObject): string {
  const finalizers = metadata.finalizers ?? [];
  return finalizers.length > 0 ? `is being deleted, and waits for ${finalizers.join(', ')}` : 'is being deleted';
}
