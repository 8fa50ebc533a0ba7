import type { FleetDocument } from '@flotilla/model';
import { parseExpression } from './expression.ts';

/** What is wrong with a field of a document. */
export interface HealthRuleProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const questions = ['inProgress', 'failed', 'current'] as const;

/** What no health rule of a document can mean, at the place where it stands: an expression that cannot be read, a kind twice. */
export function healthRuleProblems(document: FleetDocument): HealthRuleProblem[] {
  if (document.kind !== 'Application') return [];
  const { health = [] } = document.spec;
  const seen = new Set<string>();
  return health.flatMap((rule, index) => {
    const path = ['spec', 'health', index];
    const kind = `${rule.apiVersion.split('/').slice(0, -1).join('/')}/${rule.kind}`;
    const twice = seen.has(kind) ? [{ path: [...path, 'kind'], message: 'has a rule already' }] : [];
    seen.add(kind);
    return [...twice, ...questions.flatMap((name) => expressionProblems(rule[name], [...path, name]))];
  });
}

function expressionProblems(text: string | undefined, path: readonly (string | number)[]): HealthRuleProblem[] {
  const read = text === undefined ? undefined : parseExpression(text);
  return read && !read.ok ? [{ path, message: read.reason }] : [];
}
