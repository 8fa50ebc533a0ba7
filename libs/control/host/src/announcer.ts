import { headerNames, subjects, type ChangedKind } from '@flotilla/contracts';
import type { Announcement } from '@flotilla/control-store';
import type { WorkKind } from '@flotilla/model';
import type { Bus } from '@flotilla/platform-bus';

/** Puts what a committed transaction has to tell on the bus. Lost when the line is cut: sweeps and screens catch up. */
export function announceOn(bus: Bus): (announcement: Announcement) => void {
  return ({ work, changed, traceparent }) => {
    if (!bus.connected) return;
    const headers = traceparent ? { [headerNames.traceparent]: traceparent } : {};
    for (const kind of work) bus.publish(subjects.wake(kind), new Uint8Array());
    for (const { kind, project, ids } of changed) {
      bus.publish(
        subjects.changed(kind as ChangedKind),
        new TextEncoder().encode(JSON.stringify({ project, ids })),
        headers,
      );
    }
  };
}

/** Calls back whenever any replica marked work of one of these kinds. */
export function onWake(bus: Bus, kinds: readonly WorkKind[], wake: (kind: WorkKind) => void): void {
  for (const kind of kinds) bus.subscribe(subjects.wake(kind), { onMessage: () => wake(kind) });
}
