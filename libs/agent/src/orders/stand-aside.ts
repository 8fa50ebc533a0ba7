import { receiptSchema } from '@flotilla/contracts';
import type { Clock, Running } from '@flotilla/foundation';
import type { LocalSuspension } from '../live/suspensions.ts';

export interface StandAsideOptions {
  readonly instance: string;
  readonly clock: Clock;
  /** It began or ended. */
  readonly onChange: () => void;
}

/** The control plane repeats it with every hello, so that three unsaid words end it. */
const lastsMs = 35_000;

/** Whether this instance was told that another one speaks for the cluster: as long as that is so, it changes nothing. */
export class StandAside implements Running {
  readonly #options: StandAsideOptions;
  readonly #stopping = new AbortController();
  #until = 0;
  #why = '';

  constructor(options: StandAsideOptions) {
    this.#options = options;
  }

  heard(data: Uint8Array): void {
    const { instance, clock, onChange } = this.#options;
    const { standAside } = receiptSchema.safeParse(jsonIn(data)).data ?? {};
    if (standAside?.instance !== instance) return;
    const isNews = this.reason === undefined;
    this.#until = clock.now() + lastsMs;
    this.#why = standAside.why;
    if (isNews) onChange();
    void clock.sleep(lastsMs, this.#stopping.signal).then(() => this.reason ?? onChange());
  }

  /** Why nothing may be written; `undefined` when it may. */
  get reason(): LocalSuspension | undefined {
    if (this.#options.clock.now() >= this.#until) return undefined;
    return { by: 'the control plane', reason: this.#why };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }
}

function jsonIn(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
