import type { Panel, Query } from '../panel.ts';

/** What comes out of the database is told alike by every replica: the largest is taken, never the sum. */
export const same = (metric: string, label: string): Query => ({
  expr: `max by (${label}) (${metric})`,
  legend: `{{${label}}}`,
});

/** How often something happens in a second, over all replicas. */
export const rate = (metric: string, ...labels: string[]): Query => ({
  expr: `sum by (${labels.join(', ')}) (rate(${metric}[5m]))`,
  legend: labels.map((label) => `{{${label}}}`).join(' '),
});

/** Below what a share of all durations lies. */
export const quantile = (share: number, metric: string, label?: string): Query => ({
  expr: `histogram_quantile(${share}, sum by (le${label ? `, ${label}` : ''}) (rate(${metric}_bucket[5m])))`,
  legend: `${label ? `{{${label}}} ` : ''}${share * 100} %`,
});

/** Each process for itself, by the name of its service. */
export const ofService = (metric: string, legend = '{{service}} {{instance}}'): Query => ({
  expr: `${metric} * on (instance) group_left (service) flotilla_build_info`,
  legend,
});

/** A number to be read at a glance. */
export const number = (title: string, expr: string, help: string, worry?: number): Panel => ({
  title,
  help,
  unit: 'short',
  shape: 'number',
  queries: [{ expr, legend: title }],
  ...(worry !== undefined && { worry }),
});
