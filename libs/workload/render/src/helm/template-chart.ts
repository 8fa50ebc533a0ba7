import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Programs } from '../programs/programs.ts';
import { fromProgram, invalid, type RenderFailure } from '../render-failure.ts';
import { inFolder } from '../render-file.ts';
import type { ChartJob } from './chart-job.ts';
import { checkChart } from './check-chart.ts';
import { helmWords, ownValuesFile } from './helm-words.ts';
import { splitOutput, type TemplateOutput } from './split-output.ts';

/**
 * What helm makes of each template of a chart, without a cluster, as text: what it warns of and its notes for people are no
 * part of it. Hooks are, as objects with their annotations.
 */
export async function templateChart(
  job: ChartJob,
  programs: Programs,
  signal?: AbortSignal,
): Promise<Outcome<readonly TemplateOutput[], RenderFailure>> {
  const problems = checkChart(job);
  if (problems.length > 0) return refused(invalid(problems));
  const { files, path, settings = {} } = job;
  const values = settings.values ? [{ path: ownValuesFile, content: asBytes(settings.values) }] : [];
  const printed = await programs.run('helm', { words: helmWords(job), files: [...files, ...values], signal });
  if (!printed.ok) return refused(fromProgram('helm', inFolder(path, 'Chart.yaml'), printed.reason));
  return done(splitOutput(printed.value, path));
}

function asBytes(values: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(values));
}
