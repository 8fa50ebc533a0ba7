import type { KubeObject } from '@flotilla/model';
import { whoOwns } from '@flotilla/workload-manifests';

/** What a person wrote into an annotation of the cluster, and as far as the API server knows, who and when. */
export interface Said {
  readonly text: string;
  readonly by: string | undefined;
  readonly at: string | undefined;
}

export function saidOn(object: KubeObject, annotation: string): Said | undefined {
  const text = object.metadata.annotations?.[annotation];
  if (text === undefined) return undefined;
  const [owner] = whoOwns(object, `.metadata.annotations.${annotation}`);
  return { text, by: owner?.manager, at: owner?.time };
}

/** `by kubectl-annotate since 2026-01-01T00:00:00Z: looking into it` */
export function saidText({ text, by = 'somebody', at }: Said): string {
  return `by ${by}${at ? ` since ${at}` : ''}: ${text}`;
}
