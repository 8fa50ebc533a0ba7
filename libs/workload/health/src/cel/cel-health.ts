import { done, refused, type Outcome } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { isUnobserved, numberAt } from '../facts.ts';
import { degraded, healthy, progressing, unknown, type Health, type HealthRule } from '../health.ts';
import { evaluate, parseExpression, type Expression } from './expression.ts';

/** A person's rule for a kind, in CEL, as Flux's `healthCheckExprs` write it. */
export interface WrittenHealthRule {
  readonly apiVersion: string;
  readonly kind: string;
  /** When the object is well. */
  readonly current: string;
  /** When it is on its way; asked first. */
  readonly inProgress?: string | undefined;
  /** When it has failed; asked before whether it is well. */
  readonly failed?: string | undefined;
}

interface Question {
  readonly name: 'inProgress' | 'failed' | 'current';
  readonly expression: Expression;
}

const answers: Readonly<Record<Question['name'], (message: string) => Health>> = {
  inProgress: (message) => progressing('InProgress', message),
  failed: (message) => degraded('Failed', message),
  current: () => healthy,
};

/** Reads a person's rule; the reason names the expression that is wrong. */
export function parseHealthRule(written: WrittenHealthRule): Outcome<HealthRule, string> {
  const questions: Question[] = [];
  for (const name of ['inProgress', 'failed', 'current'] as const) {
    const text = written[name];
    if (name === 'current' && !text) return refused('expression Current not specified');
    if (!text) continue;
    const expression = parseExpression(text);
    if (!expression.ok) return expression;
    questions.push({ name, expression: expression.value });
  }
  return done((object) => healthByQuestions(object, questions, `${written.apiVersion}/${written.kind}`));
}

/** The first question that is answered with yes decides. One that cannot be answered leaves the health unknown. */
function healthByQuestions(object: KubeObject, questions: readonly Question[], rule: string): Health {
  const observed = numberAt(object, 'status', 'observedGeneration') !== undefined;
  if (observed && isUnobserved(object)) return progressing('NotObserved', 'the newest change has not been seen yet');
  for (const { name, expression } of questions) {
    const answer = evaluate(expression, object);
    if (!answer.ok) return unknown('HealthRuleFailed', `health rule of ${rule}: ${answer.reason}`);
    if (answer.value) return answers[name](`health rule of ${rule}: ${name} is true`);
  }
  return progressing('NotCurrent', `health rule of ${rule}: current is false`);
}
