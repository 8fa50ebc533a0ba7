import { forbiddenValue, unsupportedValue, type FieldProblem } from '../problems/field-problem.ts';
import { badRequest, invalidOptions } from '../problems/status-fault.ts';

const field = 'resourceVersionMatch';

/** Refuses combinations of the parameters of a list that make no sense. */
export function checkListOptions(query: URLSearchParams): void {
  const { match, version, page } = wordsOf(query);
  const problems: FieldProblem[] = [];
  const forbid = (where: string, why: string) => problems.push(forbiddenValue(where, why));
  if (match !== '') {
    if (version === '') forbid(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (page !== '') forbid(field, 'resourceVersionMatch is forbidden when continue is provided');
    if (!isMatch(match)) problems.push(unsupportedValue(field, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0') {
      forbid(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (query.has('sendInitialEvents')) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  if (problems.length > 0) throw invalidOptions('ListOptions', problems);
  if (page !== '' && version !== '' && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
}

/** Refuses combinations of the parameters of a watch that make no sense. */
export function checkWatchOptions(query: URLSearchParams): void {
  const { match, page } = wordsOf(query);
  const hasInitial = query.has('sendInitialEvents');
  const problems: FieldProblem[] = [];
  const forbid = (why: string) => problems.push(forbiddenValue(field, why));
  if (hasInitial && match !== 'NotOlderThan') {
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  }
  if (match !== '') {
    if (!hasInitial) forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (match !== 'NotOlderThan') problems.push(unsupportedValue(field, match, ['NotOlderThan']));
    if (page !== '') forbid('resourceVersionMatch is forbidden when continue is provided');
  }
  if (problems.length > 0) throw invalidOptions('ListOptions', problems);
}

function wordsOf(query: URLSearchParams): Record<'match' | 'version' | 'page', string> {
  return {
    match: query.get('resourceVersionMatch') ?? '',
    version: query.get('resourceVersion') ?? '',
    page: query.get('continue') ?? '',
  };
}

function isMatch(word: string): boolean {
  return word === 'Exact' || word === 'NotOlderThan';
}
