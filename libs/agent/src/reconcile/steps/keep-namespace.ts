import { keepNamespace, namespaceDrift } from '../../apply/kept-namespace.ts';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/**
 * Brings the labels and annotations that an application wants to its namespace, and makes the namespace where it is
 * missing. Where they stand is written down first: whoever is cut off knows what is to be taken off one day.
 */
export const keepNamespaceMetadata: Step<'NamespaceDue'> = {
  name: 'keep namespace metadata',
  run: async ({ memory, state: { standing }, ports }) => {
    const { target, record } = memory;
    const { name } = standing.key;
    const kept = record.keptNamespace;
    if (kept?.name !== name) await saveRecord(memory, ports, { ...record, keptNamespace: { name } });
    const { adopt } = memory.entry!.sync;
    const { object, ...now } = await keepNamespace({ cluster: ports.cluster, target, standing, kept, adopt });
    ports.namespaces.note(object);
    if (standing.standing === 'drifted') {
      const [first] = standing.drift;
      memory.drift = namespaceDrift(standing, true);
      memory.contests.takenBack(standing.key, { manager: first!.manager, field: first!.field }, ports.clock.now());
    }
    await saveRecord(memory, ports, { ...memory.record, keptNamespace: now });
  },
};
