import type { Condition } from './kube-objects.ts';

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The conditions with one of them as it is now; the time of its last turn stays unless its status changes. */
export function withCondition(
  conditions: readonly Condition[],
  condition: Condition,
  time: string,
): readonly Condition[] {
  const before = conditionOf(conditions, condition.type);
  const turnedAt = before?.status === condition.status ? before.lastTransitionTime : time;
  const next = { ...condition, lastTransitionTime: turnedAt ?? time };
  return before ? conditions.map((other) => (other === before ? next : other)) : [...conditions, next];
}
