import { isoTime } from '@flotilla/foundation';
import { imagesMax } from '@flotilla/model';
import { imagesOf, phasesOf, type Phase } from '@flotilla/workload-manifests';
import { withRunningBundle } from '../../keep/target-record.ts';
import { saveRecord } from '../save-record.ts';
import type { Step } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

/** Writes down that all of it is applied: from now on this is what the target runs, and what it goes back to. */
export const settleRecord: Step<'Unsettled'> = {
  name: 'settle record',
  run: async ({ memory, state, ports }) => {
    if (state.isAnswered) memory.syncRequestDone = memory.entry!.syncRequest;
    const { entry, rendered, record, syncRequestDone } = memory;
    const { sourceDigest, release, source } = entry!;
    const isNew = record.running?.release !== release || record.running.sourceDigest !== sourceDigest;
    const running = {
      sourceDigest,
      release,
      revision: source.revision,
      renderDigest: rendered!.renderDigest,
      appliedAt: isNew ? isoTime(ports.clock.now()) : record.running!.appliedAt,
      images: appliedImages(memory),
      ...(syncRequestDone !== undefined && { syncRequest: syncRequestDone }),
    };
    const { renderDigest } = running;
    const next = withRunningBundle({ ...record, running }, { release, renderDigest });
    await saveRecord(memory, ports, next);
    // What somebody had changed, or what had failed, under the release before is no news under this one.
    if (!isNew) return;
    memory.drift = [];
    memory.failure = undefined;
  },
};

/** Of the objects that were applied, and of the hooks that run with them when all goes well. */
function appliedImages({ rendered, record }: TargetMemory): string[] {
  const isOfSync = (phase: Phase) => phase !== 'SyncFail';
  const hooks = rendered!.hooks.filter(({ object }) => phasesOf(object, record.hooks?.kind).some(isOfSync));
  return imagesOf([...rendered!.objects, ...hooks].map(({ object }) => object)).slice(0, imagesMax);
}
