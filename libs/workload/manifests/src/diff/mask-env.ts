import { isRecord } from '../fields/select.ts';
import { fromText, type Marks } from './marks.ts';

const words = new Set(['password', 'pass', 'passwd', 'passphrase', 'pwd', 'token', 'secret', 'key', 'credential']);
/** Written together with what they are for: `PGPASSWORD`, `authToken`. */
const endings = /(password|passwd|token|secret|(api|access|private|secret)key)s?$/;

/** Whether a variable says by its name that its value is for few eyes: `DB_PASSWORD`, `apiKey`; not `KEYBOARD`, `TOKENIZER`. */
export function namesSecret(name: string): boolean {
  const parts = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return parts.some((part) => words.has(part.replace(/s$/, '')) || words.has(part) || endings.test(part));
}

/**
 * A value as it may be shown, with a mark for each value that stands plainly in a list called `env` under such a name. It
 * belongs into a Secret; as long as it does not stand there, whoever reads a diff need not read it. What holds nothing of the
 * kind comes back as it is.
 */
export function hiddenEnv<Shown>(value: Shown, marks: Marks): Shown {
  if (Array.isArray(value)) return hiddenItems(value, marks) as Shown;
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([field, child]) => {
    const below = hiddenEnv(child, marks);
    return [field, field === 'env' && Array.isArray(below) ? hiddenVariables(below, marks) : below] as const;
  });
  return entries.some(([field, child]) => child !== value[field]) ? (Object.fromEntries(entries) as Shown) : value;
}

function hiddenItems(items: readonly unknown[], marks: Marks): readonly unknown[] {
  const hidden = items.map((item) => hiddenEnv(item, marks));
  return hidden.some((item, index) => item !== items[index]) ? hidden : items;
}

function hiddenVariables(variables: readonly unknown[], marks: Marks): readonly unknown[] {
  const hidden = variables.map((variable) => {
    if (!isRecord(variable) || typeof variable['name'] !== 'string' || !namesSecret(variable['name'])) return variable;
    const { value } = variable;
    return typeof value === 'string' && value !== '' ? { ...variable, value: marks.of(fromText(value)) } : variable;
  });
  return hidden.some((variable, index) => variable !== variables[index]) ? hidden : variables;
}
