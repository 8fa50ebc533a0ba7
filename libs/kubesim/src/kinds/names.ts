import { invalidValue, tooLongValue, type FieldProblem } from '../problems/field-problem.ts';

/** The forms that names take. */
export type NameRule = 'subdomain' | 'label' | 'serviceLabel' | 'namespace' | 'segment';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = String.raw`${label}(\.${label})*`;
const serviceLabel = '[a-z]([-a-z0-9]*[a-z0-9])?';

const labelDetail = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const subdomainDetail = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const serviceDetail = `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${serviceLabel}')`;

export function checkName(rule: NameRule, field: string, name: string): FieldProblem[] {
  switch (rule) {
    case 'subdomain':
      return check({ field, name, pattern: subdomain, detail: subdomainDetail, max: 253 });
    case 'label':
      return check({ field, name, pattern: label, detail: labelDetail, max: 63 });
    case 'serviceLabel':
      return check({ field, name, pattern: serviceLabel, detail: serviceDetail, max: 63 });
    case 'namespace':
      if (name.includes('.')) return [invalidValue(field, name, 'must not contain dots')];
      return check({ field, name, pattern: label, detail: labelDetail, max: 63 });
    case 'segment':
      return checkSegment(field, name);
  }
}

/** The longest prefix that the server still puts five characters behind. */
export const generatedPrefixMax = 58;

interface NameCheck {
  readonly field: string;
  readonly name: string;
  readonly pattern: string;
  readonly detail: string;
  readonly max: number;
}

function check({ field, name, pattern, detail, max }: NameCheck): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (name.length > max) problems.push(invalidValue(field, name, `must be no more than ${max} bytes`));
  if (!new RegExp(`^${pattern}$`).test(name)) problems.push(invalidValue(field, name, detail));
  return problems;
}

function checkSegment(field: string, name: string): FieldProblem[] {
  if (name === '.' || name === '..') return [invalidValue(field, name, `may not be '${name}'`)];
  return ['/', '%']
    .filter((sign) => name.includes(sign))
    .map((sign) => invalidValue(field, name, `may not contain '${sign}'`));
}

const qualifiedPart = String.raw`([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]`;
const qualifiedDetail = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPart}')`;

/** A key such as `example.org/name`: of labels, annotations, finalizers, resources. */
export function checkQualifiedName(field: string, key: string): FieldProblem[] {
  const parts = key.split('/');
  const name = parts.at(-1)!;
  const problems: FieldProblem[] = [];
  if (parts.length > 2) return [invalidValue(field, key, qualifiedForm)];
  if (parts.length === 2) problems.push(...checkPrefix(field, key, parts[0]!));
  if (name === '') problems.push(invalidValue(field, key, 'name part must be non-empty'));
  else if (name.length > 63) problems.push(invalidValue(field, key, 'name part must be no more than 63 bytes'));
  if (!new RegExp(`^${qualifiedPart}$`).test(name)) problems.push(invalidValue(field, key, qualifiedDetail));
  return problems;
}

const qualifiedForm = `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedPart}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;

function checkPrefix(field: string, key: string, prefix: string): FieldProblem[] {
  if (prefix === '') return [invalidValue(field, key, 'prefix part must be non-empty')];
  if (new RegExp(`^${subdomain}$`).test(prefix)) return [];
  return [invalidValue(field, key, `prefix part ${subdomainDetail}`)];
}

const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const labelValueDetail = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`;

export function checkLabels(field: string, labels: Readonly<Record<string, string>>): FieldProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkQualifiedName(field, key),
    ...(value.length > 63 ? [invalidValue(field, value, 'must be no more than 63 bytes')] : []),
    ...(new RegExp(`^${labelValue}$`).test(value) ? [] : [invalidValue(field, value, labelValueDetail)]),
  ]);
}

const annotationsMax = 256 * 1024;

export function checkAnnotations(field: string, annotations: Readonly<Record<string, string>>): FieldProblem[] {
  const entries = Object.entries(annotations);
  const problems = entries.flatMap(([key]) => checkQualifiedName(field, key.toLowerCase()));
  let size = 0;
  for (const [key, value] of entries) size += Buffer.byteLength(key) + Buffer.byteLength(value);
  return size > annotationsMax ? [...problems, tooLongValue(field, annotationsMax)] : problems;
}
