import { Fault, type Clock, type Random } from '@flotilla/foundation';
import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';

/** What may go wrong between an agent and its API server, each with its chance per request. */
export interface Weather {
  /** The request is lost before it has an effect. */
  readonly lostRequest: number;
  /** The effect happens, and its answer is lost. */
  readonly lostAnswer: number;
  /** 429, 500 or 503 instead of an effect. */
  readonly refused: number;
  /** It takes up to two seconds. */
  readonly slow: number;
}

export const fairWeather: Weather = { lostRequest: 0, lostAnswer: 0, refused: 0, slow: 0 };
export const badWeather: Weather = { lostRequest: 0.05, lostAnswer: 0.05, refused: 0.08, slow: 0.1 };

/** An API server behind a line on which the weather changes. */
export class WeatheredTransport implements KubeTransport {
  weather: Weather = fairWeather;
  readonly #inner: KubeTransport;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(inner: KubeTransport, { clock, random }: { clock: Clock; random: Random }) {
    this.#inner = inner;
    this.#clock = clock;
    this.#random = random;
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    const { lostRequest, lostAnswer, refused, slow } = this.weather;
    if (this.#random.next() < slow) await this.#clock.sleep(this.#random.next() * 2_000, request.signal);
    if (this.#random.next() < lostRequest) throw broken();
    if (this.#random.next() < refused) return this.#refusal();
    const response = await this.#inner.request(request);
    if (!request.endless && this.#random.next() < lostAnswer) throw broken();
    return response;
  }

  #refusal(): KubeResponse {
    const status = [429, 500, 503][Math.floor(this.#random.next() * 3)]!;
    const text = JSON.stringify({
      kind: 'Status',
      status: 'Failure',
      code: status,
      reason: 'Weather',
      message: 'bad weather',
    });
    const body = (async function* () {
      yield Buffer.from(text);
    })();
    return { status, headers: { 'retry-after': '1' }, body, text: async () => text };
  }
}

function broken(): Fault {
  return new Fault({ code: 'unavailable', reason: 'ConnectionBroken', message: 'the line broke' });
}
