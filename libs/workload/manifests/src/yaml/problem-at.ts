import type { YamlDocument } from './parse-yaml.ts';
import { positionOf } from './position-of.ts';
import { pathText, type SourceProblem, type ValuePath } from './source-problem.ts';

/** A problem with one field of a document: its message reads on from the path, as in `spec.namespace` "is missing". */
export function problemAt(source: YamlDocument, path: ValuePath, message: string, document?: string): SourceProblem {
  return {
    file: source.file,
    ...positionOf(source, path),
    message,
    ...(document !== undefined && { document }),
    ...(path.length > 0 && { path: pathText(path) }),
  };
}
