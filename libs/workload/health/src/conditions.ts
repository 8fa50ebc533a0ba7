import { isRecord, listAt, numberAt, textAt, valueAt } from './facts.ts';

/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** The generation that it was made for, where it says so. */
  readonly observedGeneration: number | undefined;
}

export function conditionsOf(object: unknown): Condition[] {
  return listAt(object, 'status', 'conditions').filter(isRecord).map(readCondition);
}

export function readCondition(condition: unknown): Condition {
  // Some controllers write a boolean where the convention has a word.
  const status = { true: 'True', false: 'False' }[String(valueAt(condition, 'status')).toLowerCase()];
  return {
    type: textAt(condition, 'type') ?? '',
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: textAt(condition, 'reason') ?? '',
    message: textAt(condition, 'message') ?? '',
    observedGeneration: numberAt(condition, 'observedGeneration'),
  };
}

export function conditionOf(object: unknown, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** What a condition says to a person; it may say nothing but its type. */
export function sentenceOf({ type, status, reason, message }: Condition): string {
  return message || (reason ? `${type} is ${status}: ${reason}` : `${type} is ${status}`);
}
