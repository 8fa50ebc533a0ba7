import { mapLimited, toFault } from '@flotilla/foundation';
import { targetTitle } from '@flotilla/model';
import { ensureNamespace } from '../../apply/ensure-namespace.ts';
import { isToBeMade } from '../../apply/object-plan.ts';
import { refusedSet, type RefusedObject } from '../../apply/refused-set.ts';
import { triable, tryObject } from '../../apply/try-object.ts';
import { filesOf } from '../../keep/target-record.ts';
import { withWayOut } from '../../apply/replace-object.ts';
import type { Step } from '../step.ts';

const triedAtOnceMax = 16;

/**
 * Asks the API server about everything new before the first of it is written: one object that it would not take stops
 * the whole set.
 */
export const tryObjects: Step<'Untried'> = {
  name: 'try objects',
  run: async ({ memory, state, ports }) => {
    const { sync, namespace, sourceDigest, serviceAccount } = memory.entry!;
    // Like the record, it is not part of the set, and without it nothing that goes there can be tried.
    if (sync.createNamespace)
      await ensureNamespace(
        ports,
        namespace,
        state.objects.map(({ desired }) => desired.key),
      );
    const { cluster, taken } = ports;
    const by = serviceAccount && `${namespace}/${serviceAccount}`;
    // What is changed may be refused for the sake of what it is now, which no other one is.
    const unlike = triable(state.objects).filter(
      ({ desired, standing }) => !isToBeMade(standing) || !taken.has(desired.object, by),
    );
    const answers = await mapLimited(unlike, triedAtOnceMax, (planned) =>
      tryObject({ cluster, planned, ignore: sync.ignore }).then(
        () => (taken.add(planned.desired.object, by), []),
        (error: unknown): RefusedObject[] => [{ desired: planned.desired, fault: withWayOut(planned, toFault(error)) }],
      ),
    );
    const refused = answers.flat();
    if (refused.length > 0) {
      taken.forget();
      memory.refused = memory.rendered;
      throw refusedSet(targetTitle(memory.entry!), refused, filesOf(memory.record, sourceDigest));
    }
    memory.hasNamespace = sync.createNamespace;
    memory.tried = memory.rendered;
  },
};
