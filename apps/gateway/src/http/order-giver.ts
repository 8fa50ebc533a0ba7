import type { Operation } from '@flotilla/contracts';
import type { Input } from './serves.ts';

/** Whose order a request is. One that comes again with its key is the same order, and is carried out once. */
export function orderGiver({ principal, requestKey }: Pick<Input<Operation>, 'principal' | 'requestKey'>) {
  return { kind: 'user' as const, name: principal.name, request: requestKey };
}
