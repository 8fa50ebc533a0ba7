import type { PushOptions } from '../git-writer.ts';
import type { GitHttp } from '../http/git-http.ts';
import { packOf } from '../pack/write-pack.ts';
import { pushRequest, readPushReport, readReceiveOffer, type PushReport } from '../protocol/receive-pack.ts';

/** The two requests of a push: what the host has, and the commit with what it lacks. */
export class SmartHttpPush {
  readonly #http: GitHttp;
  readonly #scrub: (text: string) => string;

  constructor(http: GitHttp, scrub: (text: string) => string) {
    this.#http = http;
    this.#scrub = scrub;
  }

  async send({ ref, before, commit }: PushOptions, signal: AbortSignal): Promise<PushReport> {
    const context = { signal, traffic: { up: 0, down: 0, requests: 0 } };
    const { base, body } = await this.#http.advertisement(context);
    const offer = await readReceiveOffer(body, this.#scrub);
    if (offer.refs.get(ref) === commit.id) return { taken: true };
    if (offer.refs.get(ref) !== before) return { taken: false, why: `${ref} points elsewhere` };
    const request = pushRequest({ ref, before, after: commit.id }, packOf(commit.objects), offer);
    return readPushReport(await this.#http.post(base, request, context), { ref, offer, scrub: this.#scrub });
  }
}
