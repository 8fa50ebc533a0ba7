import { anyWord, metricList, type Metric } from '@flotilla/platform-telemetry';
import { readExpression, type Selector } from './promql.ts';

/** What whoever scrapes adds to every series. */
const ofPrometheus = ['instance', 'job', 'namespace', 'pod', 'cluster'];

const byName = new Map<string, Metric>(
  Object.values<Metric>(metricList).flatMap((metric) => seriesOf(metric).map((name) => [name, metric] as const)),
);

function seriesOf({ name, type }: Metric): string[] {
  return type === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name];
}

/** What is wrong with an expression, as far as our own metrics can say: a name, a label or a word that there is not. */
export function problemsOf(expression: string): string[] {
  const { selectors, grouping } = readExpression(expression);
  if (selectors.length === 0) return [`${expression}: asks for nothing`];
  const labels = new Set([...ofPrometheus, 'le', ...selectors.flatMap(({ name }) => labelNames(byName.get(name)))]);
  const strange = grouping.filter((label) => !labels.has(label));
  return [
    ...selectors.flatMap(problemsOfSelector),
    ...strange.map((label) => `groups by ${label}, which no metric here has`),
  ];
}

function problemsOfSelector({ name, labels }: Selector): string[] {
  const metric = byName.get(name);
  if (!metric) return [`there is no metric ${name}`];
  return labels.flatMap(({ label, words }) => {
    const known = metric.labels[label] ?? (ofPrometheus.includes(label) ? anyWord : undefined);
    if (!known) return [`${name} has no label ${label}`];
    const strange = known === anyWord ? [] : words.filter((word) => !known.includes(word));
    return strange.map((word) => `${label} of ${name} is never ${word}`);
  });
}

function labelNames(metric: Metric | undefined): string[] {
  return Object.keys(metric?.labels ?? {});
}
