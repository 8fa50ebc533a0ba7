import type { WorkKind } from '@flotilla/model';

/** What an agent says. Each is one-way: nobody ever answers a reply subject. */
export const upKinds = ['hello', 'report', 'answer', 'renew'] as const;
export type UpKind = (typeof upKinds)[number];

/** What an agent is told. All but `receipt` are signed. */
export const downKinds = ['set', 'receipt', 'ask', 'credential', 'keys'] as const;
export type DownKind = (typeof downKinds)[number];

/** The services that answer others on `ctl.*`; the gateway only asks. */
export type ControlService = 'sources' | 'delivery' | 'status';

/** The nouns whose rows gateways watch on behalf of screens. */
export const changedKinds = ['target', 'cluster', 'rollout', 'document', 'count', 'event'] as const;
export type ChangedKind = (typeof changedKinds)[number];

/** Every subject there is. `fleet.*` crosses from the agents' account to ours; `ctl.*` never leaves ours. */
export const subjects = {
  up: (cluster: string, kind: UpKind) => `fleet.${cluster}.up.${kind}`,
  upFromAll: (kind: UpKind) => `fleet.*.up.${kind}`,
  upOf: (cluster: string) => `fleet.${cluster}.up.>`,
  upEverything: () => 'fleet.*.up.>',
  down: (cluster: string, kind: DownKind) => `fleet.${cluster}.down.${kind}`,
  downToOne: (cluster: string) => `fleet.${cluster}.down.>`,
  downEverything: () => 'fleet.*.down.>',
  control: (service: ControlService, verb: string) => `ctl.${service}.${verb}`,
  wake: (kind: WorkKind) => `ctl.wake.${kind}`,
  changed: (kind: ChangedKind) => `ctl.changed.${kind}`,
} as const;

/** The cluster that a fleet subject names. The server has checked it, so it is the only identity that counts. */
export function clusterOfSubject(subject: string): string | undefined {
  const [root, cluster, direction] = subject.split('.');
  return root === 'fleet' && (direction === 'up' || direction === 'down') ? cluster : undefined;
}
