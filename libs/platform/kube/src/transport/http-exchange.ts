import type { Dispatcher } from 'undici';
import { gatherText } from './answer-text.ts';
import type { KubeResponse } from './kube-transport.port.ts';

export interface ExchangeOptions {
  readonly dispatcher: Dispatcher;
  readonly request: Dispatcher.DispatchOptions;
  readonly signal?: AbortSignal | undefined;
  /** Makes a fault of what the connection raised. */
  readonly faultOf: (error: Error) => Error;
}

/** Sends one request; resolves with the head of the answer, whose body then flows at the reader's pace. */
export function exchange(options: ExchangeOptions): Promise<KubeResponse> {
  return new Promise((resolve, reject) => {
    const { dispatcher, request, signal } = options;
    if (signal?.aborted) return reject(signal.reason as Error);
    dispatcher.dispatch(request, new Exchange(options, resolve, reject));
  });
}

const bufferedBytesMax = 512 * 1024;

class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #resolve: (response: KubeResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #abort = () => this.#controller?.abort(this.#options.signal?.reason as Error);
  #controller: Dispatcher.DispatchController | undefined;
  #chunks: Uint8Array[] = [];
  #bufferedBytes = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ExchangeOptions, resolve: (response: KubeResponse) => void, reject: (error: Error) => void) {
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    options.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#options.signal?.aborted) this.#abort();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: object): void {
    if (status < 200) return;
    const body = this.#read();
    this.#resolve({ status, headers: joined(headers), body, text: (bytesMax) => gatherText(body, bytesMax) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.byteLength;
    if (this.#bufferedBytes > bufferedBytesMax) controller.pause();
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { signal, faultOf } = this.#options;
    this.#failure = signal?.aborted ? (signal.reason as Error) : faultOf(error);
    this.#reject(this.#failure);
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#wake?.();
  }

  async *#read(): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (;;) {
        yield* this.#take();
        if (this.#chunks.length > 0) continue;
        if (this.#failure) throw this.#failure;
        if (this.#ended) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      if (!this.#ended) this.#controller?.abort(new Error('the rest of the answer is not wanted'));
    }
  }

  #take(): Uint8Array[] {
    const taken = this.#chunks;
    this.#chunks = [];
    this.#bufferedBytes = 0;
    if (this.#controller?.paused) this.#controller.resume();
    return taken;
  }
}

function joined(headers: object): Record<string, string> {
  const lines: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers as Record<string, string | string[]>)) lines[name] = String(value);
  return lines;
}
