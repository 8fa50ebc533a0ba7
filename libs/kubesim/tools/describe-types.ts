interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema;
  readonly items?: OpenApiSchema;
  readonly default?: unknown;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
}

export type OpenApiSchemas = Readonly<Record<string, OpenApiSchema>>;
export type GoShapes = Readonly<Record<string, Readonly<Record<string, GoField>>>>;

interface GoField {
  readonly type: string;
  readonly options?: readonly string[];
}

/** A struct as kubesim reads it; `src/schema/read-schema.ts` explains the words of a field. */
interface TypeDescription {
  readonly fields: Readonly<Record<string, string>>;
  readonly atomic?: true;
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly patch?: Readonly<Record<string, string>>;
}

const definitionPrefixes = ['io.k8s.api.', 'io.k8s.apimachinery.pkg.apis.', 'io.k8s.apiextensions-apiserver.pkg.apis.'];

const wellKnown: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'microTime',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'raw',
};

/** The structs that the roots reach, each once, under names without their common beginnings. */
export function describeTypes(roots: readonly string[], schemas: OpenApiSchemas, shapes: GoShapes) {
  const fullNames = new Map(Object.keys(schemas).map((name) => [shortName(name), name]));
  const types: Record<string, TypeDescription> = {};
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const fullName = fullNames.get(name);
    if (!fullName) throw new Error(`the server knows no type ${name}`);
    if (types[name]) continue;
    types[name] = describeStruct(fullName, schemas, shapes, (reached) => waiting.push(reached));
  }
  return Object.fromEntries(Object.entries(types).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function describeStruct(
  name: string,
  schemas: OpenApiSchemas,
  shapes: GoShapes,
  reach: (name: string) => void,
): TypeDescription {
  const schema = schemas[name];
  const fields: Record<string, string> = {};
  const defaults: Record<string, unknown> = {};
  const patch: Record<string, string> = {};
  for (const [field, member] of Object.entries(schema.properties ?? {})) {
    const shape = shapes[name][field];
    if (!shape) throw new Error(`the Go type ${name} has no field ${field}`);
    fields[field] = `${typeWords(member, schemas, shape.type, reach)}${flags(shape)}`;
    if (member.default !== undefined && typeof member.default !== 'object') defaults[field] = member.default;
    const strategy = member['x-kubernetes-patch-strategy'];
    if (strategy) patch[field] = [strategy, member['x-kubernetes-patch-merge-key'] ?? []].flat().join(':');
  }
  return {
    fields,
    ...(schema['x-kubernetes-map-type'] === 'atomic' && { atomic: true as const }),
    ...(Object.keys(defaults).length > 0 && { defaults }),
    ...(Object.keys(patch).length > 0 && { patch }),
  };
}

/** `p` pointer, `e` omitempty, `z` omitzero. */
function flags({ type, options = [] }: GoField): string {
  const letters = [
    type.startsWith('*') && 'p',
    options.includes('omitempty') && 'e',
    options.includes('omitzero') && 'z',
  ];
  const text = letters.filter(Boolean).join('');
  return text && ` ${text}`;
}

function typeWords(
  schema: OpenApiSchema,
  schemas: OpenApiSchemas,
  goType: string,
  reach: (name: string) => void,
): string {
  const plain = goType.replace(/^\*/, '');
  if (schema.type === 'array') {
    return `[${listWords(schema)}]${typeWords(schema.items ?? {}, schemas, plain.replace(/^\[\]/, ''), reach)}`;
  }
  const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
  if (reference) return referenceWords(reference.slice(reference.lastIndexOf('/') + 1), schemas, reach);
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' ? '=' : '';
  if (schema.type === 'object' && schema.additionalProperties) {
    const element = typeWords(schema.additionalProperties, schemas, plain.replace(/^map\[.*?\]/, ''), reach);
    return `{${atomic}}${element}`;
  }
  return scalarWords(schema, plain);
}

function referenceWords(name: string, schemas: OpenApiSchemas, reach: (name: string) => void): string {
  const known = wellKnown[name];
  if (known) return known;
  // A definition without properties is free-form JSON, such as a default inside a CustomResourceDefinition.
  const { type, properties } = schemas[name];
  return !properties && type !== 'object' ? 'any' : shorten(name, reach);
}

function shorten(name: string, reach: (name: string) => void): string {
  const short = shortName(name);
  reach(short);
  return short;
}

function listWords(schema: OpenApiSchema): string {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === 'map') return (schema['x-kubernetes-list-map-keys'] ?? []).join(',');
  if (listType === 'set') return '=';
  if (listType === 'atomic') return '';
  // Without a list type the server falls back to the strategic merge patch's words.
  if (!schema['x-kubernetes-patch-strategy']?.includes('merge')) return '';
  return schema['x-kubernetes-patch-merge-key'] ?? '=';
}

function scalarWords({ type, format }: OpenApiSchema, goType: string): string {
  const words: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', number: 'number' };
  const scalar = type === 'integer' ? (format ?? 'int64') : format === 'byte' ? 'bytes' : (words[type ?? ''] ?? 'any');
  const goName: Readonly<Record<string, string>> = { bytes: '[]uint8', number: 'float64', any: goType };
  return goType === (goName[scalar] ?? scalar) ? scalar : `${scalar}:${goType}`;
}

function shortName(name: string): string {
  const prefix = definitionPrefixes.find((candidate) => name.startsWith(candidate)) ?? '';
  return name.slice(prefix.length);
}
