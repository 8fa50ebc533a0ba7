import type { Post } from '@flotilla/control-sources';
import { Fault, toFault, type Clock, type Running } from '@flotilla/foundation';
import { GitDispatcher, type GitDispatcherOptions } from '@flotilla/platform-git';

export interface OutsideOptions {
  readonly clock: Clock;
  /** Ranges that may be dialled besides the public ones, such as `10.20.0.0/16`; `loopback` is this machine itself. */
  readonly networks: readonly string[];
  readonly lookup?: GitDispatcherOptions['lookup'];
  /** How long somebody may take to answer, all of it. */
  readonly timeoutMs?: number;
}

export type OutsideAnswer = Awaited<ReturnType<GitDispatcher['request']>>;

/** How long somebody may ask us to stay away. */
const awayMaxMs = 3_600_000;
/** Answers that ask for another try; every other refusal is about what was sent, and waits for a person. */
const passing = new Set([408, 425, 429]);

/**
 * The way to addresses that documents name: they are judged before they are dialled, as those of Git hosts are, and private
 * ones are refused unless they are listed. A redirect is never followed, and what is no success is a fault.
 */
export class Outside implements Running {
  readonly #dispatcher: GitDispatcher;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor({ clock, networks, lookup, timeoutMs = 10_000 }: OutsideOptions) {
    const isLoopbackAllowed = networks.includes('loopback');
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#dispatcher = new GitDispatcher({
      privateNetworks: networks.filter((range) => range !== 'loopback'),
      isLoopbackHost: () => isLoopbackAllowed,
      connectTimeoutMs: timeoutMs,
      ...(lookup && { lookup }),
    });
  }

  /** Sends it, and has the answer read under the same deadline; whoever reads it lets go of the rest. */
  async post<Read>(
    { url, headers, body }: Post,
    signal: AbortSignal,
    read: (answer: OutsideAnswer, host: string) => Promise<Read>,
  ): Promise<Read> {
    const { origin, pathname, search, host } = new URL(url);
    const ending = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    const request = { origin, path: pathname + search, method: 'POST', headers, body, signal: ending } as const;
    const answer = await this.#dispatcher.request(request).catch((error: unknown) => {
      throw unreached(host, error);
    });
    try {
      if (answer.statusCode < 200 || answer.statusCode >= 300) throw notTaken(host, answer, this.#clock.now());
      return await read(answer, host).catch((error: unknown) => {
        throw error instanceof Fault ? error : unreached(host, error);
      });
    } finally {
      // Whatever else it has to say, however slowly, is not waited for.
      answer.body.on('error', () => undefined).destroy();
    }
  }

  stop(): Promise<void> {
    return this.#dispatcher.close();
  }
}

/** The path of an address may be a secret: a receiver is named by its host alone. */
function notTaken(host: string, { statusCode, headers }: OutsideAnswer, now: number): Fault {
  const told = `${host} answered ${statusCode}`;
  if (statusCode >= 500 || passing.has(statusCode)) {
    const afterMs = awayMs(headers['retry-after'], now);
    const consequence = { kind: 'retry', ...(afterMs !== undefined && { afterMs }) } as const;
    return new Fault({ code: 'unavailable', reason: 'NotifyUnavailable', message: told, consequence });
  }
  if (statusCode >= 300 && statusCode < 400)
    return waiting(
      'NotifyRedirected',
      `${told}, a redirect, which is not followed`,
      'the notifier names the right URL',
    );
  return waiting('NotifyRefused', told, 'its receiver takes what it is sent');
}

/** A name that is not found and a host that is away come back; an address that may not be told does not. */
function unreached(host: string, error: unknown): Fault {
  const { reason, message } = toFault(error);
  if (reason === 'GitAddressRefused')
    return waiting('NotifyAddressRefused', message.replace('no Git host', 'no receiver'), 'its address may be told');
  const what = error instanceof Error && 'code' in error ? String(error.code) : reason;
  const consequence = { kind: 'retry' } as const;
  return new Fault({
    code: 'unavailable',
    reason: 'NotifyUnreachable',
    message: `${host} cannot be reached: ${what}`,
    consequence,
  });
}

function waiting(reason: string, message: string, until: string): Fault {
  return new Fault({ code: 'conflict', reason, message, consequence: { kind: 'stall', until } });
}

/** Seconds, or a date, bounded: whoever asks for a year is asked again sooner. */
function awayMs(header: unknown, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 1_000), awayMaxMs);
}
