/** Names are for people, and an answer has a bound: of many clusters the first are named. */
export const namedMax = 20;

/** How many clusters these targets are on, and the first of them by name. */
export function someClusters(targets: readonly { readonly cluster: { readonly name: string } }[]) {
  return { count: targets.length, names: targets.slice(0, namedMax).map(({ cluster }) => cluster.name) };
}
