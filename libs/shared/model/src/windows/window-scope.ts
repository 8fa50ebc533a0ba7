/** Whom a window concerns, as globs in which `*` stands for anything. */
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
  const holds = ([globs, names]: (typeof asked)[number]) => globs!.some((glob) => names.some(matchesGlob(glob)));
  return scope.useAndOperator ? asked.every(holds) : asked.some(holds);
}

function matchesGlob(glob: string): (name: string) => boolean {
  const pieces = glob.split('*');
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  // Without a backtracking pattern: each middle piece is taken where it comes first.
  return (name) => {
    if (last === undefined) return name === first;
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const piece of rest) {
      const found = name.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}
