import { parseAllDocuments } from 'yaml';
import { parseYaml, type YamlDocument } from '@flotilla/workload-manifests';

/** Far above any kustomization or chart that is written by hand. */
const textMax = 256 * 1024;

/**
 * Reads a kustomization or a chart as its program does: of a key that is written twice the last one counts. What is no
 * YAML for us, or too much of it, has no documents; the program says what is wrong with it, in the box.
 */
export function readLeniently(text: string, file: string): readonly YamlDocument[] {
  const strict = parseYaml(text, { file });
  if (strict.problems.length === 0) return strict.documents;
  return text.length > textMax ? [] : lastKeyCounts(text, file);
}

function lastKeyCounts(text: string, file: string): YamlDocument[] {
  try {
    const documents = [...parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' })];
    const whole = documents.filter(({ errors }) => errors.length === 0);
    return whole.map((document) => ({ file, line: 1, text, value: document.toJS({ maxAliasCount: 100 }) }));
  } catch {
    return [];
  }
}
