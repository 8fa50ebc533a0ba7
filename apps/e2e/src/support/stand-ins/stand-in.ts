import { systemClock, systemRandom, toFault, type Running } from '@flotilla/foundation';
import type { GroupKind, KubeObject } from '@flotilla/model';
import { createKubeClient, watchKind, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';

/** The name under which controllers write. */
export const controllerManager = 'kube-controller-manager';

/** Does for one object what its controller would do, as soon as it is seen, and again after each change of it. */
export type Settle = (client: KubeClient, object: KubeObject) => Promise<unknown>;

/** Stands in for the controller of one kind where an API server runs alone. There are no pods. */
export function startStandIn(transport: KubeTransport, kind: GroupKind, settle: Settle): Running {
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  return watchKind(client, kind, {
    clock: systemClock,
    random: systemRandom,
    keep: () => undefined,
    onChange: (event) => {
      if (event.type !== 'added' && event.type !== 'changed') return;
      // What changed or went meanwhile comes as another event.
      void settle(client, event.object).catch((error: unknown) => {
        if (!['not-found', 'conflict', 'cancelled'].includes(toFault(error).code)) throw error;
      });
    },
  });
}
