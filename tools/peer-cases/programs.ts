import { canonicalJson } from '@flotilla/foundation';
import { parseYaml } from '@flotilla/workload-manifests';
import { InstalledPrograms, type ProgramName, type RenderFile } from '@flotilla/workload-render';
import { programPlaces } from '../../libs/testing/src/deploy-programs/deploy-programs.ts';

/** The programs that this machine has; cases that need one that it has not are not offered. */
export const programs = new InstalledPrograms(programPlaces());

const said = new Set<string>();

/** Says once, beside what programs read, why cases are not offered. */
export function notOffered(why: string): undefined {
  if (!said.has(why)) process.stderr.write(`not offered: ${why}\n`);
  said.add(why);
}

/** Whether a program can be run here. */
export async function isHere(name: ProgramName): Promise<boolean> {
  const found = await programs.find(name);
  if (!found.ok) notOffered(found.reason.message);
  return found.ok;
}

/** Files as a case has them: text, or bytes that are no text. */
export function filesOf(files: unknown, folder = ''): RenderFile[] {
  return Object.entries(files as Readonly<Record<string, string | { readonly $b64: string }>>).map(
    ([path, content]) => ({
      path: folder + path,
      content: typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.$b64, 'base64'),
    }),
  );
}

/**
 * The documents of a text, in one order: the peer's tests ask for that of the files, its programs sort, and what we apply
 * goes by waves. A text that we would not apply is compared as it stands.
 */
export function valuesOf(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  const { documents, problems } = parseYaml(text, { file: 'case' });
  return problems.length > 0 ? text.trim() : documents.map(({ value }) => canonicalJson(value)).toSorted();
}
