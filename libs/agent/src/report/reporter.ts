import {
  protocol,
  receiptSchema,
  reportBytesMax,
  reportItemsMax,
  type Receipt,
  type Report,
} from '@flotilla/contracts';
import { every, isoTime, jittered, type Clock, type Random, type Running } from '@flotilla/foundation';
import type { Fence } from '@flotilla/model';
import type { ControlLine } from '../ports/control-line.port.ts';
import type { StatusBook, StatusPage } from './status-book.ts';

/** Who speaks: one instance, while it holds the Lease. */
export interface Speaker {
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly kubernetesUid?: string;
}

export interface ReporterOptions {
  readonly line: ControlLine;
  readonly book: StatusBook;
  readonly clock: Clock;
  readonly random: Random;
  readonly speaker: () => Speaker;
  readonly fence: () => Fence;
  /** The control plane stored what this process said. */
  readonly onReceipt?: () => void;
}

interface Outstanding {
  readonly number: number;
  readonly pages: readonly StatusPage[];
  readonly statusDigest: string;
  readonly sentAt: number;
}

/**
 * Without a receipt for this long, a report is taken as lost and its content goes into the next one. With each loss the
 * patience doubles: a control plane that is slow, and not away, must get the time to answer. Two hellos are enough of it: one
 * that was away and is back shall know within three.
 */
const patience = { firstMs: 3_000, maxMs: 20_000 };

/**
 * Tells the control plane what changed, and again until a receipt says that it is stored. One report is under way at a
 * time, so whatever is newer waits for the next one and is sent in its newest form.
 */
export class Reporter implements Running {
  readonly #options: ReporterOptions;
  readonly #repeating: Running;
  #outstanding: Outstanding | undefined;
  /** Grows across restarts, so that the newest report can be told by its number. */
  #number: number;
  #pausedUntil = 0;
  /** Since when something is told that no receipt came for. */
  #unheardSince: number | undefined;
  /** Reports in a row that no receipt came for. */
  #lost = 0;
  /** The digest of what the control plane holds of us, as far as receipts tell. */
  #said: string | undefined = '';

  constructor(options: ReporterOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#number = clock.now();
    this.#repeating = every({
      clock,
      intervalMs: () => jittered(1_000, 0.2, random),
      run: async () => this.#repeat(),
      onError: () => undefined,
    });
  }

  /** There is news. It goes out at once, unless a report is under way. */
  news(): void {
    if (!this.#outstanding) this.#send();
  }

  /** For how long nobody has answered what is told, also where it could not even be sent. */
  get unheardMs(): number {
    return this.#unheardSince === undefined ? 0 : this.#options.clock.now() - this.#unheardSince;
  }

  heard(data: Uint8Array): void {
    const receipt = receiptSchema.safeParse(parsed(data));
    if (!receipt.success) return;
    // Also one that is about something else: whoever answers is there.
    this.#unheardSince = undefined;
    const { number, sendAll, slowDownMs } = receipt.data;
    if (slowDownMs) this.#pausedUntil = this.#options.clock.now() + slowDownMs;
    if (number !== 0) this.#receipted(number);
    // While a report is under way the difference is explained by it; if it is not, the next hello shows it again.
    else if (sendAll && !this.#outstanding) this.#startOver();
  }

  /** Says something that has to be answered, though there may be no news: who is answered knows that he is heard. */
  askForReceipt(): void {
    if (this.#outstanding) return;
    this.#said = undefined;
    this.#send();
  }

  stop(): Promise<void> {
    return this.#repeating.stop();
  }

  #receipted(number: Receipt['number']): void {
    const { book } = this.#options;
    if (this.#outstanding?.number !== number) return;
    book.confirm(this.#outstanding.pages);
    this.#said = this.#outstanding.statusDigest;
    this.#outstanding = undefined;
    this.#lost = 0;
    this.#options.onReceipt?.();
    this.#send();
  }

  #startOver(): void {
    this.#options.book.forgetConfirmations();
    this.#said = undefined;
    this.#send();
  }

  #repeat(): void {
    const { clock } = this.#options;
    if (this.#outstanding) {
      const patienceMs = Math.min(patience.maxMs, patience.firstMs * 2 ** this.#lost);
      if (clock.now() - this.#outstanding.sentAt < patienceMs) return;
      this.#lost = Math.min(this.#lost + 1, 10);
    }
    this.#outstanding = undefined;
    this.#send();
  }

  #send(): void {
    const { line, book, clock, speaker, fence } = this.#options;
    const pages = book.unconfirmed({ itemsMax: reportItemsMax, bytesMax: reportBytesMax });
    const statusDigest = book.storedDigest(pages);
    // Without items a report is still worth sending when targets were struck out: it brings the digests in line.
    const isInLine = pages.length === 0 && statusDigest === this.#said;
    if (isInLine || clock.now() < this.#pausedUntil) return;
    this.#unheardSince ??= clock.now();
    this.#number++;
    const report: Report = {
      v: protocol.version,
      at: isoTime(clock.now()),
      ...speaker(),
      number: this.#number,
      fence: fence(),
      items: pages.map(({ status }) => status),
      statusDigest,
    };
    const { traceparent } = pages.find((page) => page.traceparent) ?? {};
    if (line.send('report', report, traceparent)) {
      this.#outstanding = { number: this.#number, pages, statusDigest, sentAt: clock.now() };
    }
  }
}

function parsed(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
