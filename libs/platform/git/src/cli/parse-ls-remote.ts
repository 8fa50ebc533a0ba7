import type { GitLimits } from '../git-limits.ts';
import type { GitRef } from '../git-remote.ts';
import { tooManyRefs } from '../protocol/ls-refs.ts';

/** Reads what `git ls-remote --symref` prints: refs, what annotated tags peel to, and where symbolic refs point. */
export function parseLsRemote(output: string, limits: GitLimits): GitRef[] {
  const refs = new Map<string, GitRef>();
  const targets = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [left = '', name = ''] = line.split('\t');
    if (name === '') continue;
    const peeled = name.endsWith('^{}') ? refs.get(name.slice(0, -3)) : undefined;
    if (left.startsWith('ref: ')) targets.set(name, left.slice('ref: '.length));
    else if (peeled) refs.set(peeled.name, { name: peeled.name, commit: left, tag: peeled.commit });
    else refs.set(name, { name, commit: left });
    if (refs.size > limits.refsMax) throw tooManyRefs(limits.refsMax);
  }
  return [...refs.values()].map((ref) => {
    const target = targets.get(ref.name);
    return target ? { ...ref, target } : ref;
  });
}
