import { badRequest } from '../problems/status-fault.ts';
import { readJson } from '../decode/read-json.ts';
import type { Json } from '../schema/schema-type.ts';

/** Reads YAML, of which JSON is a part: clients of server-side apply mostly send JSON under the name of YAML. */
export function readYaml(text: string): Json {
  const read = readJson(text);
  if (read.ok) return read.value;
  throw badRequest(`error decoding YAML: ${read.problem}`);
}
