import { z } from 'zod';
import { done, refused, type Outcome } from '@flotilla/foundation';

/** Labels of an object, a cluster or a document. */
export type Labels = Readonly<Record<string, string>>;

const labelNamePattern = /^(([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const labelValuePattern = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

const labelKeySchema = z
  .string()
  .max(316)
  .regex(labelNamePattern, 'must be a label key such as `team` or `example.org/team`');
const labelValueSchema = z
  .string()
  .max(63)
  .regex(labelValuePattern, 'must be a label value: letters, digits, `-`, `_`, `.`');
/** Reads labels by Kubernetes' rules for keys and values. */
export const labelsSchema = z.record(labelKeySchema, labelValueSchema);

const requirementSchema = z
  .strictObject({
    key: labelKeySchema,
    operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
    values: z.array(labelValueSchema).optional(),
  })
  .refine((requirement) => takesValues(requirement.operator) === Boolean(requirement.values?.length), {
    message: 'In and NotIn need values; Exists and DoesNotExist take none',
  });

/** Kubernetes' label selector. All parts must hold; an empty selector matches nothing here, so that it is never a slip. */
export const labelSelectorSchema = z
  .strictObject({ matchLabels: labelsSchema.optional(), matchExpressions: z.array(requirementSchema).optional() })
  .refine(
    ({ matchLabels, matchExpressions }) => Object.keys(matchLabels ?? {}).length + (matchExpressions?.length ?? 0) > 0,
    {
      message:
        'must name at least one label; to take every cluster write matchExpressions: [{key: flotilla.dev/name, operator: Exists}]',
    },
  );

export type LabelSelector = z.infer<typeof labelSelectorSchema>;
export type LabelRequirement = z.infer<typeof requirementSchema> | GreaterLess;

interface GreaterLess {
  readonly key: string;
  readonly operator: 'Gt' | 'Lt';
  readonly values: string[];
}

/** Whether labels meet a selector from a document. */
export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  return meetsAll(requirementsOf(selector), labels);
}

/** Whether labels meet every requirement of a selector; none at all is met by everything. */
export function meetsAll(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  return requirements.every((requirement) => meets(requirement, labels));
}

function takesValues(operator: string): boolean {
  return operator === 'In' || operator === 'NotIn';
}

function requirementsOf(selector: LabelSelector): LabelRequirement[] {
  const equal = Object.entries(selector.matchLabels ?? {});
  return [
    ...equal.map(([key, value]) => ({ key, operator: 'In' as const, values: [value] })),
    ...(selector.matchExpressions ?? []),
  ];
}

function meets({ key, operator, values = [] }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt':
      return value !== undefined && compareIntegers(value, values[0]!, operator);
  }
}

function compareIntegers(value: string, bound: string, operator: 'Gt' | 'Lt'): boolean {
  if (!/^-?\d+$/.test(value)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** Reads kubectl's `-l` grammar: `a=b,c!=d,e in (f, g),h notin (i),j,!k,l>1`. The reason names what was not understood. */
export function parseSelector(text: string): Outcome<LabelRequirement[], string> {
  const requirements: LabelRequirement[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const match = requirementPatterns.find(({ pattern }) => pattern.test(rest));
    if (!match) return refused(`cannot read \`${rest}\`; a selector looks like a=b,c!=d,e in (f,g),!h`);
    const found = match.pattern.exec(rest)!;
    const read = checked(match.read(found));
    if (!read.ok) return read;
    requirements.push(read.value);
    rest = rest.slice(found[0].length).trim();
    if (rest === '') break;
    if (!rest.startsWith(',')) return refused(`expected a comma before \`${rest}\``);
    rest = rest.slice(1).trim();
    if (rest === '') return refused('a selector does not end with a comma');
  }
  return done(requirements);
}

const key = String.raw`([^\s!=<>,()]+)`;
const requirementPatterns: readonly { pattern: RegExp; read: (found: RegExpExecArray) => LabelRequirement }[] = [
  {
    pattern: new RegExp(String.raw`^${key}\s+(in|notin)\s*\(([^()]*)\)`),
    read: ([, name, word, list]) => ({
      key: name!,
      operator: word === 'in' ? 'In' : 'NotIn',
      values: list!.split(',').map((value) => value.trim()),
    }),
  },
  {
    pattern: new RegExp(String.raw`^${key}\s*(==|=|!=)\s*([^\s,=!<>()]*)`),
    read: ([, name, sign, value]) => ({ key: name!, operator: sign === '!=' ? 'NotIn' : 'In', values: [value!] }),
  },
  {
    pattern: new RegExp(String.raw`^${key}\s*([<>])\s*(-?\d+)`),
    read: ([, name, sign, value]) => ({ key: name!, operator: sign === '>' ? 'Gt' : 'Lt', values: [value!] }),
  },
  { pattern: new RegExp(String.raw`^!\s*${key}`), read: ([, name]) => ({ key: name!, operator: 'DoesNotExist' }) },
  { pattern: new RegExp(`^${key}(?=\\s*(,|$))`), read: ([, name]) => ({ key: name!, operator: 'Exists' }) },
];

function checked(requirement: LabelRequirement): Outcome<LabelRequirement, string> {
  const keyRead = labelKeySchema.safeParse(requirement.key);
  if (!keyRead.success) return refused(`\`${requirement.key}\` ${keyRead.error.issues[0]!.message}`);
  for (const value of requirement.values ?? []) {
    const read = labelValueSchema.safeParse(value);
    if (!read.success && requirement.operator !== 'Gt' && requirement.operator !== 'Lt') {
      return refused(`\`${value}\` ${read.error.issues[0]!.message}`);
    }
  }
  return done(requirement);
}
