import { buildKustomization } from '@flotilla/workload-render';
import type { Adapter } from './peer-case.ts';
import { filesOf, isHere, notOffered, programs, valuesOf } from './programs.ts';

/** What kustomize makes of files. A refusal is compared by the part of its text that the peer promises, if any. */
export const kustomization: Adapter = async ({ files, target, needs, expected = {} }) => {
  if (!(await isHere('kustomize'))) return undefined;
  if (!(await isNewEnough(needs))) return notOffered(`a case needs ${needs as string}`);
  const built = await buildKustomization({ files: filesOf(files), path: target as string }, programs);
  if (built.ok) return { expected: valuesOf(expected['yaml']) ?? 'refused', actual: valuesOf(built.value) };
  const messages = built.reason.problems.map(({ message }) => message).join('; ');
  const part = (expected['errorContains'] as string | undefined) ?? '';
  const isPromised = expected['error'] === true && messages.includes(part);
  return { expected: isPromised ? 'refused' : expected, actual: isPromised ? 'refused' : messages };
};

/** Some cases are about what came with a version; other needs are none that we know how to meet. */
async function isNewEnough(needs: unknown): Promise<boolean> {
  if (needs === undefined) return true;
  const [, than] = /^kustomize newer than ([\d.]+)$/.exec(needs as string) ?? [];
  const found = await programs.find('kustomize');
  const ours = found.ok ? found.value.version : undefined;
  return than !== undefined && ours !== undefined && ours.join('.').localeCompare(than, 'en', { numeric: true }) > 0;
}
