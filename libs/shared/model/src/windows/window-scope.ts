import { matchesGlob } from '@flotilla/foundation';

/** Whom a window concerns, as globs in which `*` stands for anything and `?` for one character. */
export interface WindowScope {
  readonly applications?: readonly string[] | undefined;
  readonly namespaces?: readonly string[] | undefined;
  readonly clusters?: readonly string[] | undefined;
  /** Whether all of the lists must hold, and not just one. */
  readonly useAndOperator?: boolean | undefined;
}

/** Names of one application at one place; a cluster may be known by several. */
export interface ScopedTarget {
  readonly application: string;
  readonly namespace: string;
  readonly clusters: readonly string[];
}

/** Whether a window concerns an application. One without any list concerns nobody, as in Argo CD. */
export function concerns(scope: WindowScope, target: ScopedTarget): boolean {
  const held = [
    [scope.applications, [target.application]],
    [scope.namespaces, [target.namespace]],
    [scope.clusters, target.clusters],
  ] as const;
  const asked = held.filter(([globs]) => globs && globs.length > 0);
  if (asked.length === 0) return false;
  const holds = ([globs, names]: (typeof asked)[number]) =>
    globs!.some((glob) => names.some((name) => matchesGlob(name, glob)));
  return scope.useAndOperator ? asked.every(holds) : asked.some(holds);
}
