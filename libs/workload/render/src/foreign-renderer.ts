import type { SourceProblem } from '@flotilla/workload-manifests';
import type { RenderFile } from './render-file.ts';

/** Files by which other renderers know their input. Read as plain YAML they would come out as something else. */
const marks: Readonly<Record<string, string>> = {
  'kustomization.yaml': 'kustomize',
  'kustomization.yml': 'kustomize',
  Kustomization: 'kustomize',
  'Chart.yaml': 'helm',
};

/** The refusal of a file that belongs to a renderer which is not offered yet. */
export function foreignRenderer({ path }: RenderFile): SourceProblem[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const renderer = Object.hasOwn(marks, name) ? marks[name] : undefined;
  if (!renderer) return [];
  return [{ file: path, message: `is for ${renderer}, which is not offered yet; commit the manifests that it makes` }];
}
