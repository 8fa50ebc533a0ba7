import { groupOf, type KubeObject, type Labels } from '@flotilla/model';
import { isRecord } from '../fields/select.ts';
import { lastAppliedAnnotation } from '../manifests/last-applied.ts';
import { fromText, Marks } from './marks.ts';
import { hiddenEnv } from './mask-env.ts';

/**
 * Hides what Secrets hold, so that they can be compared and shown: keys stay, each value becomes a mark. Equal values
 * of one call have equal marks, whether they are written as `data` or as `stringData`: that something changed is seen,
 * and nothing else. Give all sides of one diff at once, and nothing that is not part of it: a mark that is used in two
 * places tells that they share a secret. Of anything else only variables that say by their names that they are secret are
 * hidden.
 */
export function maskSecrets<Shown extends KubeObject | undefined>(objects: readonly Shown[]): Shown[] {
  const marks = new Marks();
  // Everything is learned before anything is hidden: an annotation here may show what only the next object holds.
  for (const object of objects) if (isSecret(object)) learn(object, marks);
  return objects.map((object) => (isSecret(object) ? hidden(object, marks) : withoutEnv(object, marks)) as Shown);
}

function isSecret(object: KubeObject | undefined): object is KubeObject {
  return object?.kind === 'Secret' && groupOf(object.apiVersion) === '';
}

/** What kubectl keeps in an annotation is hidden in the same way, and so is what else shows a part of it there. */
function withoutEnv(object: KubeObject | undefined, marks: Marks): KubeObject | undefined {
  if (!object) return undefined;
  const manifest = lastManifest(object);
  const shown = hiddenEnv(object, marks);
  const shownManifest = manifest && hiddenEnv(manifest, marks);
  if (shown === object && shownManifest === manifest) return object;
  const lastApplied = shownManifest && { [lastAppliedAnnotation]: JSON.stringify(shownManifest) };
  const annotations = Object.entries({ ...object.metadata.annotations, ...lastApplied });
  const texts = annotations.map(([name, text]) => [name, marks.inText(fromText(text), text)]);
  return {
    ...shown,
    metadata: { ...shown.metadata, ...(texts.length > 0 && { annotations: Object.fromEntries(texts) as Labels }) },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function learn(secret: Fields, marks: Marks): void {
  hiddenData(secret, marks);
  const manifest = lastManifest(secret);
  if (manifest) learn(manifest, marks);
}

function hidden(secret: Fields, marks: Marks): Fields {
  const { data, stringData, metadata, ...others } = secret;
  const written = data !== undefined || stringData !== undefined;
  return {
    ...others,
    ...(metadata !== undefined && { metadata: hiddenMetadata(secret, marks) }),
    ...(written && { data: hiddenData(secret, marks) }),
  };
}

function hiddenData({ data, stringData }: Fields, marks: Marks): Fields {
  return { ...hiddenValues(data, fromBase64, marks), ...hiddenValues(stringData, fromText, marks) };
}

function hiddenValues(values: unknown, plainOf: (text: string) => string, marks: Marks): Fields {
  if (values === undefined || values === null) return {};
  if (!isRecord(values)) return { '': marks.of(fromText(JSON.stringify(values))) };
  const plain = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === 'string' ? plainOf(value) : fromText(JSON.stringify(value)),
  ]);
  return Object.fromEntries(plain.map(([key, value]) => [key, marks.of(value!)]));
}

/** Annotations hold whole manifests, and what people paste: what shows a part of a hidden value is hidden as well. */
function hiddenMetadata(secret: Fields, marks: Marks): unknown {
  const { metadata } = secret;
  if (!isRecord(metadata)) return metadata;
  const manifest = lastManifest(secret);
  const texts = (field: string, replaced: Fields = {}) => {
    const values = metadata[field];
    if (!isRecord(values)) return {};
    const shown = Object.entries({ ...values, ...replaced });
    return {
      [field]: Object.fromEntries(shown.map(([key, text]) => [key, marks.inText(fromText(String(text)), text)])),
    };
  };
  const lastApplied = manifest && { [lastAppliedAnnotation]: JSON.stringify(hidden(manifest, marks)) };
  return { ...metadata, ...texts('labels'), ...texts('annotations', lastApplied) };
}

/** The manifest that kubectl keeps in an annotation; a text that is none is told from nothing by being hidden whole. */
function lastManifest({ metadata }: Fields): Fields | undefined {
  const annotations = isRecord(metadata) ? metadata['annotations'] : undefined;
  if (!isRecord(annotations) || !Object.hasOwn(annotations, lastAppliedAnnotation)) return undefined;
  const text = String(annotations[lastAppliedAnnotation]);
  try {
    const manifest = JSON.parse(text) as unknown;
    return isRecord(manifest) ? manifest : { stringData: { '': text } };
  } catch {
    return { stringData: { '': text } };
  }
}

/** A value as its bytes, one character each, however it was written. What is not base64 is text. */
function fromBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes.toString('latin1') : fromText(text);
}
