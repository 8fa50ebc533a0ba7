import type { Json, ScalarType } from '../schema/schema-type.ts';
import { normaliseQuantity } from './quantity.ts';

/** A scalar in its one form; without a `problem` it is of the wrong JSON type. */
export type ScalarResult =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problem?: string };

const wrongType: ScalarResult = { ok: false };

export function decodeScalar({ scalar }: ScalarType, json: Json): ScalarResult {
  switch (scalar) {
    case 'string':
      return typeof json === 'string' ? { ok: true, value: json } : wrongType;
    case 'bool':
      return typeof json === 'boolean' ? { ok: true, value: json } : wrongType;
    case 'int32':
      return isInteger(json) && Math.abs(json) < 2 ** 31 ? { ok: true, value: json } : wrongType;
    case 'int64':
      return isInteger(json) ? { ok: true, value: json } : wrongType;
    case 'number':
      return typeof json === 'number' ? { ok: true, value: json } : wrongType;
    case 'intOrString':
      return typeof json === 'string' || isInteger(json) ? { ok: true, value: json } : wrongType;
    case 'quantity':
      return decodeQuantity(json);
    case 'time':
      return decodeTime(json, 0);
    case 'microTime':
      return decodeTime(json, 6);
    case 'bytes':
      return decodeBytes(json);
  }
}

/** What Go has in a field that nobody set. */
export function emptyScalar({ scalar }: ScalarType): Json {
  switch (scalar) {
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'number':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'time':
    case 'microTime':
      return null;
  }
}

function isInteger(json: Json): json is number {
  return typeof json === 'number' && Number.isInteger(json);
}

function decodeQuantity(json: Json): ScalarResult {
  if (typeof json !== 'string' && typeof json !== 'number') return wrongType;
  const result = normaliseQuantity(String(json).trim());
  return result.ok ? { ok: true, value: result.text } : result;
}

const layouts = { 0: '2006-01-02T15:04:05Z07:00', 6: '2006-01-02T15:04:05.000000Z07:00' } as const;

/** Times have seconds, or exactly microseconds; they are kept in UTC. */
function decodeTime(json: Json, fractionDigits: 0 | 6): ScalarResult {
  if (typeof json !== 'string') return wrongType;
  const found = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/.exec(json);
  const milliseconds = found ? Date.parse(`${found[1]}${found[3]}`) : Number.NaN;
  const problem = (text: string, want: string): ScalarResult => ({
    ok: false,
    problem: `parsing time ${JSON.stringify(json)} as ${JSON.stringify(layouts[fractionDigits])}: cannot parse ${JSON.stringify(text)} as ${JSON.stringify(want)}`,
  });
  if (Number.isNaN(milliseconds)) return problem(json, '2006');
  const [, , fraction = '', zone = ''] = found!;
  if (fractionDigits > 0 && fraction.length !== fractionDigits) return problem(zone, '.000000');
  const text = new Date(milliseconds).toISOString().slice(0, 19);
  return { ok: true, value: fractionDigits > 0 ? `${text}.${fraction}Z` : `${text}Z` };
}

function decodeBytes(json: Json): ScalarResult {
  if (typeof json !== 'string') return wrongType;
  const clean = json.replace(/[\r\n]/g, '');
  const wrong = /[^A-Za-z0-9+/=]/.exec(clean) ?? /=(?!=?$)/.exec(clean);
  if (wrong) return { ok: false, problem: `illegal base64 data at input byte ${wrong.index}` };
  if (clean.length % 4 !== 0) {
    return { ok: false, problem: `illegal base64 data at input byte ${clean.length - (clean.length % 4)}` };
  }
  return { ok: true, value: clean };
}
