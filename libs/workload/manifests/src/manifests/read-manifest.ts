import { done, refused, type Outcome } from '@flotilla/foundation';
import { keyOfObject, objectTitle, type KubeObject } from '@flotilla/model';
import { positionOf } from '../yaml/position-of.ts';
import { problemAt } from '../yaml/problem-at.ts';
import type { SourceProblem } from '../yaml/source-problem.ts';
import type { WrittenObject } from './expand-lists.ts';
import { identitySlips } from './identity-slips.ts';
import type { Manifest } from './manifest.ts';
import { isMapping, type Slip } from './slip.ts';
import { textSlips } from './text-fields.ts';
import { withoutServerFields } from './without-server-fields.ts';

/** Checks one object for what every object needs, and takes out what is not Git's to say. */
export function readManifest(written: WrittenObject): Outcome<Manifest, readonly SourceProblem[]> {
  const { source, path, value } = written;
  if (!isMapping(value)) return refused([problemAt(source, path, 'is not a Kubernetes object: it has no fields')]);
  const missing = identitySlips(value);
  if (missing.length > 0) return refused(missing.map((slip) => located(written, slip)));
  const object = value as KubeObject;
  const slips = textSlips(object);
  if (slips.length > 0) return refused(slips.map((slip) => located(written, slip)));
  const { line } = positionOf(source, path);
  return done({ key: keyOfObject(object), object: withoutServerFields(object), file: source.file, line });
}

function located({ source, path, value }: WrittenObject, slip: Slip): SourceProblem {
  return problemAt(source, [...path, ...slip.path], slip.message, titleOf(value));
}

function titleOf(value: unknown): string | undefined {
  const { apiVersion, kind, metadata } = value as Partial<KubeObject>;
  const named = typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
  return named ? objectTitle(keyOfObject(value as KubeObject)) : undefined;
}
