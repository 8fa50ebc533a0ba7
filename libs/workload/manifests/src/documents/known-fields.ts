import { documentSchemas, type DocumentKind } from '@flotilla/model';
import type { ValuePath } from '../yaml/source-problem.ts';

/** As much of a schema as it takes to walk down to a field; the schemas themselves belong to the model. */
interface SchemaNode {
  readonly shape?: Readonly<Record<string, SchemaNode>>;
  readonly element?: SchemaNode;
  readonly valueType?: SchemaNode;
  readonly unwrap?: () => SchemaNode;
}

/** The names that a document may use in the mapping at `path`; none where it may choose them freely. */
export function knownFields(kind: DocumentKind, path: ValuePath): readonly string[] {
  let node: SchemaNode | undefined = unwrapped(documentSchemas[kind] as SchemaNode);
  for (const step of path) {
    const below: SchemaNode | undefined =
      typeof step === 'number' ? node?.element : (node?.shape?.[step] ?? node?.valueType);
    node = below && unwrapped(below);
  }
  return Object.keys(node?.shape ?? {});
}

/** Below what makes a field optional or gives it a value when it is absent. */
function unwrapped(node: SchemaNode): SchemaNode {
  return node.shape === undefined && node.element === undefined && node.unwrap ? unwrapped(node.unwrap()) : node;
}
