import { execFileSync } from 'node:child_process';
import type { KubeObject } from '@flotilla/model';
import { readManifests } from '@flotilla/workload-manifests';

const charts = new URL('../../../../deploy/charts/', import.meta.url).pathname;

export type ChartName = 'flotilla' | 'flotilla-agent';

export interface ChartRelease {
  readonly chart: ChartName;
  readonly release: string;
  readonly namespace: string;
  /** A file of values that the chart brings, such as `values-ha.yaml`. */
  readonly file?: string;
  readonly values?: object;
}

/** Renders a chart as `helm install` would, and reads what comes out as kubectl reads it. */
export function renderChart(helm: string, release: ChartRelease): KubeObject[] {
  const { problems, manifests } = readManifests([{ path: 'rendered.yaml', text: runHelm(helm, 'template', release) }]);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  return manifests.map(({ object }) => object);
}

/** What helm says of the chart; it throws with helm's own words where the chart or the values are wrong. */
export function runHelm(
  helm: string,
  command: 'template' | 'lint',
  { chart, release, namespace, file, values = {} }: ChartRelease,
): string {
  const folder = `${charts}${chart}`;
  const words = command === 'template' ? ['template', release, folder] : ['lint', '--strict', folder];
  const files = file ? ['--values', `${folder}/${file}`] : [];
  return execFileSync(helm, [...words, '--namespace', namespace, ...files, '--values', '-'], {
    input: JSON.stringify(values),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}
