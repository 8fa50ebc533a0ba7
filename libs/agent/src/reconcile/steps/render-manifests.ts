import { Fault } from '@flotilla/foundation';
import { objectId, objectTitle, targetTitle, type DesiredEntry, type ObjectKey } from '@flotilla/model';
import { releaseClaims } from '../release-claims.ts';
import { renderEntry } from '../render-entry.ts';
import { renderInputs } from '../render-inputs.ts';
import type { Step } from '../step.ts';

/** Turns the files of the entry's bundle into objects that can be compared and applied. */
export const renderManifests: Step<'Unrendered'> = {
  name: 'render manifests',
  run: async ({ memory, ports }) => {
    const entry = memory.entry!;
    const bundle = memory.record.bundles.find(({ sourceDigest }) => sourceDigest === entry.sourceDigest)!;
    const signal = memory.beginRender(renderInputs(entry, ports.facts()));
    const rendered = await renderEntry(entry, bundle, { ports, signal });
    if (!rendered) return;
    const wanted = [...rendered.objects, ...rendered.hooks];
    // All are asked for before any is claimed: a target that may not run must not hold what others could have.
    for (const { key } of wanted) {
      const holder = ports.claims.holder(objectId(key)) ?? memory.target;
      if (holder !== memory.target) throw declaredTwice(entry, key, holder);
    }
    // What the render before this one claimed and never came to make.
    releaseClaims(memory, ports);
    for (const { key } of wanted) ports.claims.claim(key, memory.target);
    memory.rendered = rendered;
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
