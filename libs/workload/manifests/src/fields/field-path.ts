/**
 * The way to a field in the API server's own encoding, as the keys of `FieldsV1` spell it: `f:name` a field,
 * `k:{"name":"app"}` the item of a list with these values, `v:"x"` an item by its value, `i:0` by its index.
 */
export type FieldPath = readonly string[];

/** What a step of a path selects. */
export type FieldStep =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'key'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'index'; readonly index: number };

/** Reads one key of `FieldsV1`; `undefined` for what no API server writes, and for `.`, which is no step. */
export function parseStep(step: string): FieldStep | undefined {
  const rest = step.slice(2);
  switch (step.slice(0, 2)) {
    case 'f:':
      return { kind: 'field', name: rest };
    case 'i:':
      return /^\d+$/.test(rest) ? { kind: 'index', index: Number(rest) } : undefined;
    case 'v:': {
      const value = parseJson(rest);
      return value && { kind: 'value', value: value.value };
    }
    case 'k:': {
      const fields = parseJson(rest)?.value;
      const isRecord = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
      return isRecord ? { kind: 'key', fields: fields as Readonly<Record<string, unknown>> } : undefined;
    }
    default:
      return undefined;
  }
}

/** A path as the API server names it in conflicts: `.spec.containers[name="app"].image`. Names are not escaped there. */
export function fieldPathText(path: FieldPath): string {
  return path.map((step) => stepText(parseStep(step))).join('');
}

function stepText(step: FieldStep | undefined): string {
  switch (step?.kind) {
    case 'field':
      return `.${step.name}`;
    case 'key': {
      const names = Object.keys(step.fields).toSorted();
      return `[${names.map((name) => `${name}=${goText(step.fields[name])}`).join(',')}]`;
    }
    case 'value':
      return `[=${goText(step.value)}]`;
    case 'index':
      return `[${step.index}]`;
    default:
      return '[?]';
  }
}

/** A value as Go prints it. */
function goText(value: unknown): string {
  if (typeof value === 'string') return `"${Array.from(value, quotedCharacter).join('')}"`;
  if (typeof value === 'number') return goNumber(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}=${goText(part)}`)
    .join('');
}

const namedEscapes = new Map(Object.entries({ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }))
  .set('\u0007', '\\a')
  .set('\b', '\\b')
  .set('\f', '\\f')
  .set('\v', '\\v');

function quotedCharacter(character: string): string {
  const named = namedEscapes.get(character);
  if (named !== undefined) return named;
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
  const hex = character.codePointAt(0)!.toString(16);
  if (hex.length <= 2 && character <= '\u007f') return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Numbers of owned keys are floats to the API server, which prints a million and more with an exponent. */
function goNumber(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
