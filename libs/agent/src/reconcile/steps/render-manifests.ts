import { Fault } from '@flotilla/foundation';
import { objectId, objectTitle, targetTitle, type DesiredEntry, type ObjectKey } from '@flotilla/model';
import { problemLine } from '@flotilla/workload-manifests';
import { renderDigest, renderPlain } from '@flotilla/workload-render';
import { prepareObjects } from '../../apply/desired-object.ts';
import { renderInputs } from '../render-inputs.ts';
import type { Step, StepPorts } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

/** Turns the files of the entry's bundle into objects that can be compared and applied. */
export const renderManifests: Step<'Unrendered'> = {
  name: 'render manifests',
  run: async ({ memory, ports }) => {
    const entry = memory.entry!;
    if (entry.render) throw unrenderable(entry, ['this agent does not know settings of rendering yet']);
    const bundle = memory.record.bundles.find(({ sourceDigest }) => sourceDigest === entry.sourceDigest)!;
    const files = bundle.files.map(({ path, content }) => ({ path, content: Buffer.from(content, 'base64') }));
    const rendered = renderPlain({ files, path: entry.source.path });
    if (!rendered.ok) throw unrenderable(entry, rendered.reason.map(problemLine));
    const objects = await prepareObjects({
      entry,
      manifests: rendered.value.manifests,
      cluster: ports.cluster,
      namespace: ports.namespace,
    });
    // All are asked for before any is claimed: a target that may not run must not hold what others could have.
    for (const { key } of objects) {
      const holder = ports.claims.holder(objectId(key)) ?? memory.target;
      if (holder !== memory.target) throw declaredTwice(entry, key, holder);
    }
    releaseClaims(memory, ports);
    for (const { key } of objects) ports.claims.claim(key, memory.target);
    memory.rendered = {
      madeFrom: renderInputs(entry),
      objects,
      renderDigest: renderDigest(rendered.value.manifests, ports.renderKey.reveal()),
      // A set of nothing but hooks for another time says no more of deleting than an empty one.
      empty: rendered.value.empty || objects.length === 0,
    };
  },
};

/** What the render before this one claimed and never came to make is free again. */
function releaseClaims({ rendered, record, target }: TargetMemory, { claims }: StepPorts): void {
  const made = new Set(record.inventory.map(({ key }) => objectId(key)));
  for (const { key } of rendered?.objects ?? []) if (!made.has(objectId(key))) claims.release(key, target);
}

function unrenderable(entry: DesiredEntry, problems: readonly string[]): Fault {
  return new Fault({
    code: 'invalid',
    reason: 'ManifestsInvalid',
    message: `nothing was applied: ${problems.slice(0, 10).join('; ')}`,
    subject: targetTitle(entry),
    consequence: { kind: 'stall', until: 'the manifests are corrected in Git' },
  });
}

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
