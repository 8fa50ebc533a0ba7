import { done, refused, type Outcome } from '@flotilla/foundation';
import type { RendererName, RenderSettings } from '@flotilla/model';
import type { SourceProblem } from '@flotilla/workload-manifests';
import { rendererMarks } from './renderer-marks.ts';
import { inFolder, type RenderFile } from './render-file.ts';

/**
 * Which renderer a folder is for, as Argo CD decides it: a chart by its `Chart.yaml`, then a kustomization by one of its
 * names, otherwise plain YAML. What the settings say wins, and what does not fit them is a problem, not a guess.
 */
export function chooseRenderer(
  files: readonly RenderFile[],
  path: string,
  settings: RenderSettings = {},
): Outcome<RendererName, readonly SourceProblem[]> {
  const names = new Set(files.map((file) => file.path));
  const has = (renderer: RendererName) =>
    Object.entries(rendererMarks).some(([name, whose]) => whose === renderer && names.has(inFolder(path, name)));
  const marked = has('helm') ? 'helm' : has('kustomize') ? 'kustomize' : 'plain';
  const chosen = settings.with ?? marked;
  if (chosen !== 'plain' && !has(chosen)) return refused([{ file: path, message: `holds no ${markOf(chosen)}` }]);
  if (settings.helm && chosen !== 'helm') {
    const message = `is rendered as ${chosen}, and render.helm is for charts; remove one of the two`;
    return refused([{ file: path, message }]);
  }
  return done(chosen);
}

function markOf(renderer: RendererName): string {
  const [mark] = Object.entries(rendererMarks).find(([, whose]) => whose === renderer) ?? [];
  return `${mark}, which ${renderer} needs`;
}
