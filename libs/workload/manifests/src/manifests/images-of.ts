import { isRecord } from '../fields/select.ts';

/** Where any kind keeps its containers: a pod, a template of one at any depth, or what another tool makes pods of. */
const containerLists: ReadonlySet<string> = new Set(['containers', 'initContainers', 'ephemeralContainers']);

/** Longer than any name that a registry takes. */
const lengthMax = 512;

/** The images that these objects name, each once and in order: those of containers, and those that are mounted. */
export function imagesOf(objects: Iterable<unknown>): string[] {
  const found = new Set<string>();
  for (const object of objects) collect(object, found);
  return [...found].filter((image) => image !== '' && image.length <= lengthMax).toSorted();
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((each) => collect(each, found));
  if (!isRecord(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (containerLists.has(key)) addAll(child, ['image'], found);
    else if (key === 'container') addAll([child], ['image'], found);
    else if (key === 'volumes') addAll(child, ['image', 'reference'], found);
    collect(child, found);
  }
}

function addAll(list: unknown, path: readonly string[], found: Set<string>): void {
  if (!Array.isArray(list)) return;
  for (const each of list) {
    const image = path.reduce((at: unknown, key) => (isRecord(at) ? at[key] : undefined), each as unknown);
    if (typeof image === 'string') found.add(image);
  }
}
