import { parseYaml } from '@flotilla/workload-manifests';
import { readJson } from '../decode/read-json.ts';
import { badRequest } from '../problems/status-fault.ts';
import type { Json } from '../schema/schema-type.ts';

/** Reads YAML. JSON first, which is YAML too: clients of server-side apply mostly send that. */
export function readYaml(text: string): Json {
  const read = readJson(text);
  if (read.ok) return read.value;
  const { documents, problems } = parseYaml(text, { file: 'body' });
  const [problem] = problems;
  if (problem || documents.length > 1) {
    throw badRequest(
      `error decoding YAML: ${problem ? `${problem.line}:${problem.column}: ${problem.message}` : 'more than one document'}`,
    );
  }
  return (documents[0]?.value ?? null) as Json;
}
