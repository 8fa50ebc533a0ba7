import { connect, type Socket } from 'node:net';
import type { ControlLine, ReceivedOrder } from '@flotilla/agent';
import { downKinds, headerNames, subjects, type DownKind, type UpKind } from '@flotilla/contracts';
import type { Clock, Random, Running } from '@flotilla/foundation';
import { nkeyFromSeed, redialMs } from '@flotilla/platform-bus';
import type { FleetIdentity } from './fleet-identity.ts';
import { NatsReader, type NatsWord } from './nats-reader.ts';

export interface FleetLineOptions {
  readonly identity: FleetIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly onLine: (connected: boolean) => void;
  /** A message of a kind that is not known here. */
  readonly onStrange: () => void;
  /** The broker refused something, or let nobody in. */
  readonly onRefused: (text: string) => void;
}

/** More than this is not kept for a broker that does not read: what is lost is said again anyway. */
const unsentBytesMax = 1_000_000;

/** How often a line should be pinged. */
export const linePingMs = 10_000;

/**
 * An agent's line to the control plane without a client library: some ten kilobytes a connection instead of some fifty.
 * It dials again with the pauses of a real agent, for ever.
 */
export class FleetLine implements ControlLine, Running {
  readonly #options: FleetLineOptions;
  #socket: Socket | undefined;
  #handler: ((order: ReceivedOrder) => void) | undefined;
  #connected = false;
  #stopped = false;
  #pingsOut = 0;
  #failures = 0;

  constructor(options: FleetLineOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Dials until it is told to stop. */
  open(): void {
    if (this.#stopped) return;
    const { hostname, port } = new URL(this.#options.identity.servers[0]!);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const reader = new NatsReader();
    this.#socket = socket;
    this.#pingsOut = 0;
    socket.on('data', (chunk) => {
      for (const word of reader.read(chunk)) this.#take(word);
    });
    // A refused dial and a cut line both end here; what matters of either is that the line is gone.
    socket.on('error', () => undefined);
    socket.on('close', () => void this.#cut(socket));
  }

  send(kind: UpKind, message: object, traceparent?: string): boolean {
    const socket = this.#socket;
    if (!this.#connected || !socket || socket.writableLength > unsentBytesMax) return false;
    const subject = subjects.up(this.#options.identity.cluster, kind);
    const payload = JSON.stringify(message);
    const head = traceparent ? `NATS/1.0\r\n${headerNames.traceparent}: ${traceparent}\r\n\r\n` : '';
    const bytes = Buffer.byteLength(payload);
    const verb = head ? `HPUB ${subject} ${head.length} ${head.length + bytes}` : `PUB ${subject} ${bytes}`;
    return socket.write(`${verb}\r\n${head}${payload}\r\n`) || true;
  }

  receive(handler: (order: ReceivedOrder) => void): void {
    this.#handler = handler;
  }

  /** Asks whether the broker is still there, and hangs up when two such questions found no answer. */
  ping(): void {
    if (!this.#connected) return;
    if (++this.#pingsOut > 2) this.#socket?.destroy();
    else this.#socket?.write('PING\r\n');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#socket?.destroy();
  }

  #take(word: NatsWord): void {
    switch (word.verb) {
      case 'INFO':
        return this.#connected ? undefined : this.#greet(word.text);
      case 'PING':
        return void this.#socket?.write('PONG\r\n');
      case 'PONG':
        return this.#answered();
      case 'MSG':
        return this.#deliver(word);
      case '-ERR':
        return this.#options.onRefused(word.text);
      case '+OK':
    }
  }

  #greet(info: string): void {
    const { cluster, credentials } = this.#options.identity;
    const { nonce } = JSON.parse(info) as { nonce: string };
    const sig = Buffer.from(nkeyFromSeed(credentials.seed).sign(Buffer.from(nonce))).toString('base64url');
    const rest = { headers: true, no_responders: true, verbose: false, pedantic: false, protocol: 1, lang: 'fleet' };
    const hello = JSON.stringify({ jwt: credentials.jwt, sig, name: `agent-${cluster}`, ...rest });
    this.#socket?.write(`CONNECT ${hello}\r\nSUB ${subjects.downToOne(cluster)} 1\r\nPING\r\n`);
  }

  #answered(): void {
    this.#pingsOut = 0;
    if (this.#connected) return;
    this.#connected = true;
    this.#failures = 0;
    this.#options.onLine(true);
  }

  #deliver({ subject, head, data }: Extract<NatsWord, { verb: 'MSG' }>): void {
    const kind = subject.slice(subject.lastIndexOf('.') + 1) as DownKind;
    if (!downKinds.includes(kind)) return this.#options.onStrange();
    const headers = readHeaders(head);
    const [signature, traceparent] = [headers[headerNames.signature], headers[headerNames.traceparent]];
    this.#handler?.({ kind, subject, data, signature, traceparent });
  }

  async #cut(socket: Socket): Promise<void> {
    if (socket !== this.#socket || this.#stopped) return;
    const wasConnected = this.#connected;
    this.#connected = false;
    if (wasConnected) this.#options.onLine(false);
    const { clock, random } = this.#options;
    await clock.sleep(redialMs(this.#failures++, random));
    this.open();
  }
}

function readHeaders(head: string): Readonly<Record<string, string>> {
  const lines = head.split('\r\n').slice(1);
  return Object.fromEntries(
    lines.filter(Boolean).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
