import type { Clock } from '@flotilla/foundation';

export interface SilenceOptions {
  readonly clock: Clock;
  readonly silenceMaxMs: number;
  /** When something was heard last. */
  readonly heardAt: () => number;
  readonly cut: AbortController;
}

/** Aborts `cut` once nothing has been heard for too long. Ends when `cut` is aborted, by whomever. */
export async function cutWhenSilent({ clock, silenceMaxMs, heardAt, cut }: SilenceOptions): Promise<void> {
  while (!cut.signal.aborted) {
    const leftMs = heardAt() + silenceMaxMs - clock.now();
    if (leftMs <= 0) cut.abort();
    else await clock.sleep(leftMs, cut.signal);
  }
}
