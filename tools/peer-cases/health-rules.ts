import type { KubeObject } from '@flotilla/model';
import { parseHealthRule, type WrittenHealthRule } from '@flotilla/workload-health';
import { argoWords } from './health.ts';
import type { Adapter } from './peer-case.ts';

/** People's own rules in CEL, as Flux reads them. An error of Flux is Unknown here, with the same words in its reason. */
export const healthRule: Adapter = ({ mode, expressions, input, expected }) => {
  if (mode !== 'parse' && mode !== 'evaluate') return undefined;
  const rule = parseHealthRule({
    apiVersion: 'v1',
    kind: 'Any',
    ...(expressions as Partial<WrittenHealthRule>),
  } as WrittenHealthRule);
  const said = rule.ok && mode === 'evaluate' ? rule.value((input ?? {}) as KubeObject) : undefined;
  const error = rule.ok ? (said?.status === 'Unknown' ? (said.reason?.message ?? '') : undefined) : rule.reason;
  const part = expected?.['errorContains'];
  if (typeof part === 'string') return { expected: part, actual: error?.includes(part) ? part : error };
  return mode === 'parse'
    ? { expected: expected?.['ok'], actual: rule.ok }
    : { expected: argoWords[expected?.['status'] as string], actual: said?.status };
};
