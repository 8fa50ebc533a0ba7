import { done, refused, type Outcome } from '@flotilla/foundation';
import type { RenderSettings } from '@flotilla/model';
import type { Manifest, ManifestFile, SourceProblem } from '@flotilla/workload-manifests';
import { chooseRenderer } from './choose-renderer.ts';
import type { ClusterCapabilities } from './helm/chart-job.ts';
import { templateChart } from './helm/template-chart.ts';
import { buildKustomization } from './kustomize/build-kustomization.ts';
import type { Programs } from './programs/programs.ts';
import { readPrinted } from './read-printed.ts';
import type { Rendered } from './read-rendered.ts';
import { inFolder } from './render-file.ts';
import { invalid, type RenderFailure } from './render-failure.ts';
import { renderPlain, type RenderInput } from './render-plain.ts';

/** Everything that one render is made from: whoever keeps a result keeps it only for the same. */
export interface RenderJob extends RenderInput {
  readonly settings?: RenderSettings | undefined;
  /** What a chart's release is called, and where it goes, when the settings do not say it. */
  readonly application: string;
  readonly namespace: string;
  readonly capabilities?: ClusterCapabilities | undefined;
}

type Outcomes = Outcome<Rendered, RenderFailure>;

/**
 * Turns the files of a target into objects, by plain reading, kustomize or helm: as its settings say, or as Argo CD would
 * choose. All or nothing. A program runs in a box, on the declared files only, and only after what it may not do is refused.
 */
export async function render(job: RenderJob, programs: Programs, signal?: AbortSignal): Promise<Outcomes> {
  const chosen = chooseRenderer(job.files, job.path, job.settings);
  if (!chosen.ok) return refused(invalid(chosen.reason));
  if (chosen.value === 'kustomize') return renderKustomization(job, programs, signal);
  if (chosen.value === 'helm') return renderChart(job, programs, signal);
  return ofFiles(renderPlain(job));
}

async function renderKustomization(job: RenderJob, programs: Programs, signal?: AbortSignal): Promise<Outcomes> {
  const built = await buildKustomization(job, programs, signal);
  return built.ok
    ? ofFiles(readPrinted([printed(inFolder(job.path, 'kustomize-output.yaml'), built.value)], job))
    : built;
}

async function renderChart(job: RenderJob, programs: Programs, signal?: AbortSignal): Promise<Outcomes> {
  const { files, path, namespace, application, settings, capabilities } = job;
  const helm = settings?.helm ? { settings: settings.helm } : {};
  const chart = { files, path, namespace, releaseName: application, capabilities, ...helm };
  const made = await templateChart(chart, programs, signal);
  if (!made.ok) return made;
  const texts = made.value.map(({ path: template, text }) => printed(template, text));
  const read = readPrinted(texts, job);
  if (!read.ok) return refused(invalid(read.reason.map(inTemplate)));
  const manifests = read.value.manifests.filter((manifest) => !isTest(manifest));
  return done({ manifests, empty: manifests.length === 0 });
}

function ofFiles(read: Outcome<Rendered, readonly SourceProblem[]>): Outcomes {
  return read.ok ? read : refused(invalid(read.reason));
}

/** What a program made is YAML that counts, whatever its template is called and wherever it stands. */
function printed(path: string, text: string): ManifestFile {
  const shown = path.replaceAll(/(^|\/)\.(?=[^/])/g, '$1');
  return { path: shown.endsWith('.yaml') ? shown : `${shown}.yaml`, text };
}

/** Lines are those of what helm printed, which nobody sees. */
function inTemplate({ line, column: _, ...problem }: SourceProblem): SourceProblem {
  const place = line === undefined ? '' : ` (line ${line} of what it makes)`;
  return { ...problem, message: `${problem.message}${place}` };
}

/** What `helm test` would run is no part of what an application runs. */
function isTest({ object }: Manifest): boolean {
  const words = object.metadata.annotations?.['helm.sh/hook']?.split(',') ?? [];
  return words.length > 0 && words.every((word) => testHooks.includes(word.trim()));
}

const testHooks = ['test', 'test-success', 'test-failure'];
