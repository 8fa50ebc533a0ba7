import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { problemsOf } from './known-metrics.ts';

/** The files that charts hand to Prometheus, relative to the top of the tree. */
export const alertFiles = [
  'deploy/charts/flotilla/files/alerts.yaml',
  'deploy/charts/flotilla-agent/files/alerts.yaml',
];

/** One alert, as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}

const runbook = 'docs/runbook.md';

/** Every alert of every file, in order. */
export function alertRules(): AlertRule[] {
  return alertFiles.flatMap((file) => {
    const { groups } = parse(readFileSync(file, 'utf8')) as {
      groups: readonly { readonly rules: readonly AlertRule[] }[];
    };
    return groups.flatMap(({ rules }) => rules);
  });
}

/** What is wrong with the alerts: metrics that there are not, and sections of the runbook that nobody wrote or needs. */
export function alertProblems(rules: readonly AlertRule[], runbookText = readFileSync(runbook, 'utf8')): string[] {
  const sections = new Set([...runbookText.matchAll(/^### (\w+)$/gm)].map(([, name]) => name!));
  const names = new Set(rules.map(({ alert }) => alert));
  return [
    ...rules.flatMap((rule) => ruleProblems(rule, sections).map((problem) => `alert ${rule.alert}: ${problem}`)),
    ...[...sections].filter((name) => !names.has(name)).map((name) => `${runbook}: ${name} is no alert`),
  ];
}

function ruleProblems({ alert, expr, for: patience, labels, annotations }: AlertRule, sections: ReadonlySet<string>) {
  return [
    ...problemsOf(expr),
    ...(/^[1-9]\d*[mh]$/.test(patience ?? '') ? [] : ['wakes somebody at once: say for how long it has to be so']),
    ...(['page', 'ticket'].includes(labels.severity) ? [] : [`${labels.severity} is no severity`]),
    ...(annotations.summary && annotations.description ? [] : ['does not say what is wrong']),
    ...(sections.has(alert) ? [] : [`has no section in ${runbook}`]),
    ...(annotations.runbook === `${runbook}#${alert.toLowerCase()}` ? [] : ['does not lead to its section']),
  ];
}
