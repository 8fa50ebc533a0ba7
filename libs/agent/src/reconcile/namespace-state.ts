import { intentOf } from '@flotilla/model';
import { namespaceStanding, namespaceToKeep, type NamespaceStanding } from '../apply/kept-namespace.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';

/** How the namespace of a target that runs stands, where its application wants something on it. */
export function standingOfNamespace(memory: TargetMemory, { namespaces }: StepPorts): NamespaceStanding | undefined {
  const { entry, record } = memory;
  if (!entry || intentOf(entry) !== 'run') return undefined;
  const kept = record.keptNamespace?.name === entry.namespace ? record.keptNamespace : undefined;
  return namespaceStanding({ entry, isDeclared: isDeclared(memory), kept, live: namespaces.get(entry.namespace) });
}

export interface NamespaceStateOptions {
  readonly standing: NamespaceStanding | undefined;
  readonly isSyncing: boolean;
}

/** What is next about the namespace: it comes before everything that lives in it, and goes on with drift as they do. */
export function namespaceState(
  memory: TargetMemory,
  { clock }: StepPorts,
  { standing, isSyncing }: NamespaceStateOptions,
): DeliveryState | undefined {
  const { entry, record, contests, neighbours, differsFromGit } = memory;
  const isHeld = neighbours.dependency !== undefined && isSyncing && !differsFromGit;
  if (isHeld) return undefined;
  const wanted = namespaceToKeep({ entry: entry!, isDeclared: isDeclared(memory) });
  const left = record.keptNamespace?.name;
  if (left !== undefined && left !== wanted) return { name: 'NamespaceLeft', namespace: left };
  if (!standing || standing.standing === 'same' || standing.isSuspended) return undefined;
  const isTakenBack = isSyncing || (entry!.sync.drift === 'correct' && !contests.holding(standing.key, clock.now()));
  return standing.standing === 'new' || isTakenBack ? { name: 'NamespaceDue', standing } : undefined;
}

function isDeclared({ entry, rendered }: TargetMemory): boolean {
  const declared = rendered?.objects.some(({ key }) => key.kind === 'Namespace' && key.name === entry!.namespace);
  return declared === true;
}
