import { clearNamespace } from '../../apply/kept-namespace.ts';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';

/** Takes our labels and annotations off a namespace on which nobody wants them any more. */
export const clearNamespaceMetadata: Step<'NamespaceLeft'> = {
  name: 'clear namespace metadata',
  run: async ({ memory, state: { namespace: name }, ports }) => {
    await clearNamespace(ports.cluster, { target: memory.target, name });
    const { keptNamespace: _, ...record } = memory.record;
    await saveRecord(memory, ports, record);
  },
};
