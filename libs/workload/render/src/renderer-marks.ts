import type { RendererName } from '@flotilla/model';
import type { SourceProblem } from '@flotilla/workload-manifests';
import type { RenderFile } from './render-file.ts';

/** Files by which renderers know their input. Read as plain YAML they would come out as something else. */
export const rendererMarks: Readonly<Record<string, RendererName>> = {
  'kustomization.yaml': 'kustomize',
  'kustomization.yml': 'kustomize',
  Kustomization: 'kustomize',
  'Chart.yaml': 'helm',
};

/** The refusal of a file that belongs to another renderer than plain YAML. */
export function foreignRenderer({ path }: RenderFile): SourceProblem[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const renderer = Object.hasOwn(rendererMarks, name) ? rendererMarks[name] : undefined;
  if (!renderer) return [];
  const wayOut = `let an application of its own point to that folder, or commit the manifests that it makes`;
  return [{ file: path, message: `is for ${renderer}, and stands among what is read as plain YAML; ${wayOut}` }];
}
