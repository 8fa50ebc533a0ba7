/** The field manager under which everything is applied. */
export const fieldManager = 'flotilla';

/** The one under which a target keeps labels and annotations on its namespace: each its own, for several may live in one. */
export function namespaceManager(target: string): string {
  return `${fieldManager}-namespace-${target}`;
}

/** Labels and annotations that Flotilla puts on objects, or reads from them. */
export const marks = {
  /** On every object of ours: the uid of its target. */
  target: 'flotilla.dev/target',
  /** On every record: the uid of the target that it is about. */
  record: 'flotilla.dev/record',
  /** Set by a person: stops every write to the object, to the target (on its record), or of the agent (on its ConfigMap). */
  suspend: 'flotilla.dev/suspend',
  /** Set by a person on a record: holds the target at a bundle that the cluster keeps, named by commit or source digest. */
  pin: 'flotilla.dev/pin',
  /** On a namespace with labels or annotations that targets keep there. */
  keptNamespace: 'flotilla.dev/kept-namespace',
  /** On the object of a hook: the run that it was made for. */
  hookRun: 'flotilla.dev/hook-run',
  /** `off`, `report` or `correct`, set in Git or by a person: what is done about drift in the object. */
  drift: 'flotilla.dev/drift',
  /** `true`, set in Git: where a field cannot be changed in place, the object is deleted and made again. */
  replace: 'flotilla.dev/replace',
  /** Set by a person on a record: allows deleting exactly the list with this digest. */
  approvePrune: 'flotilla.dev/approve-prune',
  /** Set by a person on a record: the target leaves although this hook before its deletion failed. */
  passHook: 'flotilla.dev/pass-hook',
  /** On the agent's own Deployment: the upgrades that were begun and ended there last. */
  upgradeBegun: 'flotilla.dev/upgrade-begun',
  upgradeEnded: 'flotilla.dev/upgrade-ended',
} as const;

/** kubectl's ApplySet marks, so that kubectl can read what we keep. */
export const applySet = {
  id: 'applyset.kubernetes.io/id',
  partOf: 'applyset.kubernetes.io/part-of',
  tooling: 'applyset.kubernetes.io/tooling',
  groupKinds: 'applyset.kubernetes.io/contains-group-kinds',
  namespaces: 'applyset.kubernetes.io/additional-namespaces',
} as const;

/** The labels that every object of ours carries. */
export const ourLabels: ReadonlySet<string> = new Set([marks.target, applySet.partOf]);

/** What the agent keeps in its own namespace. */
export const agentObjects = {
  namespace: 'flotilla-system',
  lease: 'flotilla-agent',
  configuration: 'flotilla-agent',
  identity: 'flotilla-identity',
  heldSet: 'flotilla-set',
  upgrade: 'flotilla-upgrade',
  record: (target: string) => `flotilla-target-${target}`,
} as const;
