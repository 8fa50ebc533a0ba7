export { failureOf } from './failure/failure-of.ts';
export type { Health, HealthRule } from './health.ts';
export { healthOf } from './health-of.ts';
export { parseHealthRule, type WrittenHealthRule } from './cel/cel-health.ts';
export { healthRuleProblems, type HealthRuleProblem } from './cel/document-rules.ts';
