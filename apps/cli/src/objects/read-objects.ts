import type { KubeObject } from '@flotilla/model';
import { parseYaml, problemAt, type SourceProblem, type YamlDocument } from '@flotilla/workload-manifests';
import type { TextFile } from '../files/read-files.ts';
import { InputFault } from '../program/input-fault.ts';

/** Kubernetes objects as a cluster shows them, status and all: what `kubectl get -o yaml` or `-o json` writes. */
export function readObjects(files: readonly TextFile[]): KubeObject[] {
  const problems: SourceProblem[] = [];
  const objects: KubeObject[] = [];
  for (const { file, text } of files) {
    const parsed = parseYaml(text, { file });
    problems.push(...parsed.problems);
    for (const document of parsed.documents) {
      for (const value of itemsOf(document.value)) {
        if (isObject(value)) objects.push(value);
        else problems.push(noObject(document));
      }
    }
  }
  if (problems.length > 0) throw new InputFault(problems);
  return objects;
}

/** A list is what kubectl writes of several. */
function itemsOf(value: unknown): unknown[] {
  const { kind, items } = (value ?? {}) as { readonly kind?: unknown; readonly items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [value];
}

function isObject(value: unknown): value is KubeObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Record<keyof KubeObject, unknown>>;
  const named = typeof metadata === 'object' && metadata !== null && 'name' in metadata;
  return typeof apiVersion === 'string' && typeof kind === 'string' && named && typeof metadata.name === 'string';
}

function noObject(document: YamlDocument): SourceProblem {
  return problemAt(document, [], 'is no Kubernetes object: it needs apiVersion, kind and metadata.name');
}
