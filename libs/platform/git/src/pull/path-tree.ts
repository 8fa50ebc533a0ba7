import { pathSegments } from '../objects/git-path.ts';

/** Paths folded together by directory, so that a directory which many of them share is read once. */
export interface PathNode {
  readonly below: Map<string, PathNode>;
  /** The paths that end here, as they were asked for. */
  readonly paths: string[];
}

export function pathTree(paths: readonly string[]): PathNode {
  const root: PathNode = { below: new Map(), paths: [] };
  for (const path of paths) {
    let node = root;
    for (const segment of pathSegments(path)) node = childOf(node, segment);
    node.paths.push(path);
  }
  return root;
}

function childOf(node: PathNode, segment: string): PathNode {
  const known = node.below.get(segment);
  if (known) return known;
  const child: PathNode = { below: new Map(), paths: [] };
  node.below.set(segment, child);
  return child;
}
