import type { YamlDocument } from '../yaml/parse-yaml.ts';
import type { ValuePath } from '../yaml/source-problem.ts';

/** An object as it is written: the document it stands in, and its path there. */
export interface WrittenObject {
  readonly source: YamlDocument;
  readonly path: ValuePath;
  readonly value: unknown;
}

/** The objects of a document: itself, or the items of a list, which may be lists again. */
export function expandLists(source: YamlDocument): WrittenObject[] {
  return expand({ source, path: [], value: source.value });
}

function expand(written: WrittenObject): WrittenObject[] {
  const list = asList(written.value);
  if (!list) return [written];
  return list.items.flatMap((item, index) =>
    expand({ source: written.source, path: [...written.path, 'items', index], value: withKind(item, list) }),
  );
}

interface KubeList {
  readonly apiVersion: unknown;
  readonly kind: string;
  readonly items: readonly unknown[];
}

function asList(value: unknown): KubeList | undefined {
  const { apiVersion, kind, items } = (value ?? {}) as Partial<KubeList>;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items)
    ? { apiVersion, kind, items }
    : undefined;
}

/** Items of a list of one kind need not repeat it. */
function withKind(item: unknown, { apiVersion, kind }: KubeList): unknown {
  if (kind === 'List' || typeof item !== 'object' || item === null || 'kind' in item) return item;
  return { apiVersion, kind: kind.slice(0, -'List'.length), ...item };
}
