import { objectId, objectTitle } from '@flotilla/model';
import { dependsOn, needsOf } from '../order/dependencies.ts';
import { dependencyLayers } from '../order/dependency-layers.ts';
import type { SourceProblem } from '../yaml/source-problem.ts';
import type { Manifest } from './manifest.ts';

/** What is wrong with who depends on whom: a text that says nothing, somebody who is not there, a circle. */
export function dependencyProblems(manifests: readonly Manifest[]): SourceProblem[] {
  const known = new Set(manifests.map(({ key }) => objectId(key)));
  const stated = manifests.flatMap((manifest) => statedProblems(manifest, known));
  if (stated.length > 0) return stated;
  const layers = dependencyLayers(needsOf(manifests));
  return layers.ok ? [] : [circleProblem(layers.reason)];
}

function statedProblems(manifest: Manifest, known: ReadonlySet<string>): SourceProblem[] {
  const read = dependsOn(manifest.object);
  if (!read.ok) return [problem(manifest, `depends-on cannot be read: ${read.reason}`)];
  const absent = read.value.filter((key) => !known.has(objectId(key)));
  return absent.map((key) => problem(manifest, `depends on ${objectTitle(key)}, which is not among the manifests`));
}

function circleProblem(circle: readonly Manifest[]): SourceProblem {
  const titles = [...circle, circle[0]!].map(({ key }) => objectTitle(key));
  return problem(circle[0]!, `these depend on each other in a circle: ${titles.join(' -> ')}`);
}

function problem({ key, file, line }: Manifest, message: string): SourceProblem {
  return { file, line, message, document: objectTitle(key) };
}
