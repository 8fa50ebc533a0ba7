import type { GroupKind, KubeObject, ObjectKey } from '@flotilla/model';

/** A Kubernetes object as Git has it, and where it is written. */
export interface Manifest {
  readonly key: ObjectKey;
  readonly object: KubeObject;
  readonly file: string;
  readonly line: number;
}

/** Whether objects of a kind live in a namespace. */
export type Scope = 'namespaced' | 'cluster';

/** Whether objects of a kind live in a namespace; `undefined` when it is not known. */
export type KnownKinds = (groupKind: GroupKind) => Scope | undefined;

/** A file of manifests: its path in the repository, and its text. */
export type ManifestFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly bytes: Uint8Array };
