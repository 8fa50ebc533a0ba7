import {
  labelSelectorSchema,
  matchesLabels,
  meetsAll,
  parseSelector,
  type LabelRequirement,
  type Labels,
  type LabelSelector,
} from '@flotilla/model';
import type { Adapter, Comparison, PeerCase } from './peer-case.ts';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** The grammar and the meaning of label selectors; how a selector is written back is nothing that we offer. */
export const selector: Adapter = (peerCase) => modes[peerCase.mode ?? '']?.(peerCase);

const modes: Readonly<Record<string, Adapter>> = {
  parse: ({ selector: text, expected = {} }) => {
    const actual = meaningOf(text as string);
    if (!expected.ok) return { expected: 'refused', actual };
    if ('canonical' in expected) return { expected: meaningOf(expected.canonical as string), actual };
    if (!('requirements' in expected)) return { expected: true, actual: actual !== 'refused' };
    return { expected: sortedMeaning((expected.requirements as Requirement[]).map(inOurWords)), actual };
  },
  sameParse: ({ selectors }) => {
    const [first, ...others] = (selectors as string[]).map(meaningOf);
    return { expected: others.map(() => first), actual: others };
  },
  match: ({ selector: text, labels, expected }) => matched(text as string, labels, expected),
  requirementsMatch: ({ requirements, labels, expected }) => {
    const texts = (requirements as Requirement[]).map(textOf);
    return texts.includes(undefined) ? undefined : matched(texts.join(','), labels, expected);
  },
  requirement: ({ expected, ...requirement }) => {
    const text = textOf(requirement as unknown as Requirement);
    return text === undefined ? undefined : { expected: expected?.ok, actual: parseSelector(text).ok };
  },
  labelSelector: ({ labelSelector, expected }) =>
    expected?.error ? { expected: false, actual: labelSelectorSchema.safeParse(labelSelector).success } : undefined,
  labelSelectorMatch: ({ labelSelector, labels, expected }) => ({
    expected: expected?.match,
    actual: matchesLabels(labelSelector as LabelSelector, labels as Labels),
  }),
};

/** What a selector asks for, whatever the order in which it says so. */
function meaningOf(text: string): unknown {
  const parsed = parseSelector(text);
  return parsed.ok ? sortedMeaning(parsed.value) : 'refused';
}

function sortedMeaning(requirements: readonly Readonly<LabelRequirement>[]): string[] {
  return requirements
    .map(({ key, operator, values = [] }) => `${key} ${operator} ${[...new Set(values)].toSorted().join()}`)
    .toSorted();
}

const operators: Readonly<Record<string, LabelRequirement['operator']>> = {
  '=': 'In',
  '==': 'In',
  '!=': 'NotIn',
  in: 'In',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
  gt: 'Gt',
  lt: 'Lt',
};

function inOurWords({ key, operator, values }: Requirement): LabelRequirement {
  return { key, operator: operators[operator], values: [...values] } as LabelRequirement;
}

function matched(text: string, labels: unknown, expected: PeerCase['expected']): Comparison {
  const parsed = parseSelector(text);
  return { expected: expected?.match, actual: parsed.ok ? meetsAll(parsed.value, labels as Labels) : parsed.reason };
}

/** A requirement in text, where it can be written at all: a list of values has no place after a sign. */
function textOf({ key, operator, values }: Requirement): string | undefined {
  const [value = '', ...more] = values;
  if (operator === 'in' || operator === 'notin')
    return values.length > 0 ? `${key} ${operator} (${values.join()})` : undefined;
  if (operator === 'exists' || operator === '!') {
    return values.length === 0 ? `${operator === '!' ? '!' : ''}${key}` : undefined;
  }
  const sign = { gt: '>', lt: '<' }[operator] ?? operator;
  return values.length > 0 && more.length === 0 ? `${key}${sign}${value}` : undefined;
}
