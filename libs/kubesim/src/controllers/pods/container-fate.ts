import type { Container, Pod } from '../kube-objects.ts';

/** What becomes of a container: the tag of its image says. */
export type Fate = 'runs' | 'cannot be pulled' | 'crashes';

export function fateOf({ image }: Container): Fate {
  const tag = /:([^:/@]+)(@.*)?$/.exec(image)?.[1];
  if (tag === 'broken') return 'cannot be pulled';
  return tag === 'crash' ? 'crashes' : 'runs';
}

/** The first container that keeps the pod from getting on, its init containers before the others. */
export function troubleOf({ spec }: Pod): { readonly container: Container; readonly isInit: boolean } | undefined {
  const init = spec.initContainers?.find((container) => fateOf(container) !== 'runs');
  if (init) return { container: init, isInit: true };
  const main = spec.containers.find((container) => fateOf(container) !== 'runs');
  return main && { container: main, isInit: false };
}
