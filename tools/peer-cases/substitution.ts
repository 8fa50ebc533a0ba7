import { substitute } from '@flotilla/workload-render';
import type { Adapter } from './peer-case.ts';

/** Flux's substitution, strict and lenient. A refusal is compared by the beginning that the peer promises. */
export const substitution: Adapter = ({ mode, input, params, expected }) => {
  if (mode !== 'Expand' && mode !== 'ExpandStrict') return undefined;
  const filled = substitute(input as string, params as Record<string, string>, {
    undefined: mode === 'ExpandStrict' ? 'strict' : 'lenient',
  });
  if (filled.ok) return { expected: expected?.output ?? 'refused', actual: filled.value };
  const promised = expected?.error;
  const agreed = typeof promised === 'string' && filled.reason.message.startsWith(promised);
  return { expected: promised ?? expected?.output, actual: agreed ? promised : filled.reason.message };
};
