import { Fault } from '@flotilla/foundation';
import { objectId, objectTitle, targetTitle, type DesiredEntry, type ObjectKey } from '@flotilla/model';
import { renderDigest, type Rendered } from '@flotilla/workload-render';
import { prepareObjects } from '../../apply/desired-object.ts';
import { renderFault } from '../../render/render-fault.ts';
import { releaseClaims } from '../release-claims.ts';
import { renderInputs, renderOrder } from '../render-inputs.ts';
import type { Step } from '../step.ts';

/** Turns the files of the entry's bundle into objects that can be compared and applied. */
export const renderManifests: Step<'Unrendered'> = {
  name: 'render manifests',
  run: async ({ memory, ports }) => {
    const entry = memory.entry!;
    const facts = ports.facts();
    const madeFrom = renderInputs(entry, facts);
    const bundle = memory.record.bundles.find(({ sourceDigest }) => sourceDigest === entry.sourceDigest)!;
    const digestOf = ({ manifests }: Rendered) => renderDigest(manifests, ports.renderKey.reveal());
    const rendered = await ports.renders.render({
      order: renderOrder(entry, bundle, facts),
      signal: memory.beginRender(madeFrom),
      isKnown: (made) => digestOf(made) === bundle.renderDigest,
    });
    if (!rendered.ok && rendered.reason.kind === 'Cancelled') return;
    if (!rendered.ok) throw renderFault(targetTitle(entry), rendered.reason);
    const { manifests, empty } = rendered.value;
    const { cluster, namespace } = ports;
    const { objects, hooks } = await prepareObjects({ entry, manifests, cluster, namespace });
    // All are asked for before any is claimed: a target that may not run must not hold what others could have.
    for (const { key } of [...objects, ...hooks]) {
      const holder = ports.claims.holder(objectId(key)) ?? memory.target;
      if (holder !== memory.target) throw declaredTwice(entry, key, holder);
    }
    // What the render before this one claimed and never came to make.
    releaseClaims(memory, ports);
    for (const { key } of [...objects, ...hooks]) ports.claims.claim(key, memory.target);
    // A set of nothing but hooks says no more of deleting than an empty one.
    const saysNothing = empty || objects.length === 0;
    memory.rendered = { madeFrom, objects, hooks, renderDigest: digestOf(rendered.value), empty: saysNothing };
  },
};

/** Two targets of one cluster want the same object: the first keeps it, so that they do not write in turns for ever. */
function declaredTwice(entry: DesiredEntry, key: ObjectKey, holder: string): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'Conflict',
    message: `${objectTitle(key)} is declared by another target of this cluster as well (${holder}); one of the two has to give it up`,
    subject: targetTitle(entry),
    consequence: { kind: 'stall', until: 'one of the two applications gives the object up' },
  });
}
