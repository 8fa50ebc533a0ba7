import { isScalar } from 'yaml';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { composeYaml, type Trouble } from './compose-yaml.ts';
import { NodeReader } from './node-reader.ts';

/** Reads one document of any YAML, or tells everything that is wrong with it. An empty document is null. */
export function readFullYaml(text: string): Outcome<unknown, readonly Trouble[]> {
  const composed = composeYaml(text);
  if (!composed.ok) return composed;
  const reader = new NodeReader(text);
  const value = reader.read(composed.value);
  if (reader.troubles.length > 0) return refused(reader.troubles.slice(0, troublesMax));
  if (value !== null && isScalar(composed.value)) {
    return refused([{ offset: composed.value.range[0], message: 'is only a text; a document has fields' }]);
  }
  return done(value);
}

const troublesMax = 20;
