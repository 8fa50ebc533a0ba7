import {
  anyType,
  atomicAnyType,
  type Json,
  type ListMerge,
  type PatchWords,
  type ScalarName,
  type SchemaType,
  type StructField,
  type StructType,
} from './schema-type.ts';

/** A struct as the schema file writes it. */
export interface TypeDescription {
  readonly fields: Readonly<Record<string, string>>;
  readonly atomic?: boolean;
  readonly defaults?: Readonly<Record<string, Json>>;
  readonly patch?: Readonly<Record<string, string>>;
}

const goNames: Readonly<Record<ScalarName, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  number: 'float64',
  quantity: 'resource.Quantity',
  intOrString: 'intstr.IntOrString',
  time: 'v1.Time',
  microTime: 'v1.MicroTime',
  bytes: '[]uint8',
};

/**
 * Reads the words of the schema file into types, each when it is first asked for. A field is `TYPE FLAGS`:
 *
 * - `string`, `int32`, `string:v1.PullPolicy` (with its Go name), `any` (free-form), `raw` (free-form, one value),
 *   `core.v1.Container` (a struct);
 * - `[]T` one value, `[=]T` a set, `[name]T` keyed by its field `name`; `{}T` a map, `{=}T` a map that is one value;
 * - flags: `p` pointer, `e` left out when empty, `z` left out when zero.
 */
export class SchemaReader {
  readonly #descriptions: Readonly<Record<string, TypeDescription>>;
  readonly #structs = new Map<string, StructType>();

  constructor(descriptions: Readonly<Record<string, TypeDescription>>) {
    this.#descriptions = descriptions;
  }

  struct(name: string): StructType {
    const known = this.#structs.get(name);
    if (known) return known;
    const description = this.#descriptions[name]!;
    let fields: ReadonlyMap<string, StructField> | undefined;
    const readFields = () => (fields ??= this.#fields(description));
    const struct: StructType = {
      kind: 'struct',
      name,
      goName: name.split('.').slice(-2).join('.'),
      atomic: description.atomic ?? false,
      // Read late: types refer to each other, some to themselves.
      get fields() {
        return readFields();
      },
    };
    this.#structs.set(name, struct);
    return struct;
  }

  #fields(description: TypeDescription): ReadonlyMap<string, StructField> {
    const fields = Object.entries(description.fields).map(([name, text]): [string, StructField] => {
      const [words, flags = ''] = text.split(' ');
      const fallback = description.defaults?.[name];
      const patch = description.patch?.[name];
      const field = {
        name,
        type: this.#type(words!),
        pointer: flags.includes('p'),
        omitEmpty: flags.includes('e'),
        omitZero: flags.includes('z'),
        ...(fallback !== undefined && { default: fallback }),
        ...(patch !== undefined && { patch: readPatchWords(patch) }),
      };
      return [name, field];
    });
    return new Map(fields);
  }

  #type(words: string): SchemaType {
    const container = /^([[{])([^\]}]*)[\]}](.*)$/.exec(words);
    if (container) {
      const element = this.#type(container[3]!);
      if (container[1] === '[') return { kind: 'list', element, merge: readListMerge(container[2]!) };
      return { kind: 'map', element, atomic: container[2] === '=' };
    }
    if (words === 'raw') return atomicAnyType;
    const [name, goName] = words.split(':') as [string, string?];
    if (name === 'any') return anyType;
    if (name in goNames) {
      const scalar = name as ScalarName;
      return { kind: 'scalar', scalar, goName: goName ?? goNames[scalar] };
    }
    return this.struct(words);
  }
}

function readListMerge(words: string): ListMerge {
  if (words === '') return 'atomic';
  return words === '=' ? 'set' : words.split(',');
}

function readPatchWords(text: string): PatchWords {
  const [strategies, mergeKey] = text.split(':');
  return { strategies: strategies!.split(','), ...(mergeKey && { mergeKey }) };
}
