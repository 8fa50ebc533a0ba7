import { inBox } from '../box/box-folder.ts';
import type { ChartJob } from './chart-job.ts';

/** Where the values that stand in the settings are: in a folder that no repository can hold. */
export const ownValuesFile = '.git/flotilla-values.json';

/** The words that have helm render a chart, in the order in which it takes values: files, then those of the settings. */
export function helmWords({ path, namespace, releaseName, settings = {}, capabilities = {} }: ChartJob): string[] {
  const { valuesFiles = [], values, skipCrds, skipTests } = settings;
  const { kubeVersion, apiVersions = [] } = capabilities;
  const sources = [...valuesFiles, ...(values ? [ownValuesFile] : [])];
  const release = settings.releaseName ?? releaseName;
  return [
    'template',
    release,
    inBox(path),
    `--namespace=${namespace}`,
    ...sources.map((file) => `--values=${asListItem(inBox(file))}`),
    ...(kubeVersion ? [`--kube-version=${kubeVersion}`] : []),
    ...(apiVersions.length > 0 ? [`--api-versions=${apiVersions.join(',')}`] : []),
    ...(skipCrds ? [] : ['--include-crds']),
    ...(skipTests ? ['--skip-tests'] : []),
  ];
}

/** helm reads these flags as one line of CSV. */
function asListItem(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
