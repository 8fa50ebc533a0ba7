import { headerNames, subjects, type ChangedKind } from '@flotilla/contracts';
import type { Announcement } from '@flotilla/control-store';
import type { WorkKind } from '@flotilla/model';
import type { Bus } from '@flotilla/platform-bus';

type AnnouncerBus = Pick<Bus, 'connected' | 'publish' | 'subscribe'>;

/**
 * Tells what a committed transaction has to tell: this process at once, all others over the bus. What is lost when the
 * line is cut costs time only: sweeps and screens catch up.
 */
export class Announcer {
  readonly #bus: AnnouncerBus;
  /** What our own wake-ups look like when the bus brings them back. */
  readonly #own: Buffer;
  readonly #wakes = new Map<WorkKind, (kind: WorkKind) => void>();

  constructor(bus: AnnouncerBus, instance: string) {
    this.#bus = bus;
    this.#own = Buffer.from(instance);
  }

  announce({ work, changed, traceparent }: Announcement): void {
    for (const kind of work) this.#wakes.get(kind)?.(kind);
    if (!this.#bus.connected) return;
    const headers = traceparent ? { [headerNames.traceparent]: traceparent } : {};
    for (const kind of work) this.#bus.publish(subjects.wake(kind), this.#own);
    for (const { kind, project, ids } of changed) {
      const told = Buffer.from(JSON.stringify({ project, ids }));
      this.#bus.publish(subjects.changed(kind as ChangedKind), told, headers);
    }
  }

  /** Calls back whenever any replica marked work of one of these kinds. */
  onWake(kinds: readonly WorkKind[], wake: (kind: WorkKind) => void): void {
    for (const kind of kinds) {
      this.#wakes.set(kind, wake);
      this.#bus.subscribe(subjects.wake(kind), { onMessage: ({ data }) => !this.#own.equals(data) && wake(kind) });
    }
  }
}
