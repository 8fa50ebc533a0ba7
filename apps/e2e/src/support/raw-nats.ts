import { connect, type Socket } from 'node:net';
import { nkeyFromSeed, type UserCredentials } from '@flotilla/platform-bus';
import { until } from '@flotilla/testing';

/** What a raw client may say: everything that the protocol has, whether or not a well-behaved client would. */
export interface RawPublish {
  readonly subject: string;
  /** The reply subject, which nobody of ours ever answers. */
  readonly answerTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload: string | Uint8Array;
}

/**
 * A NATS client that keeps no rules: the wire protocol and nothing else. It sends what a client library would refuse to
 * send, which is what somebody who took an agent's credentials would do.
 */
export class RawNats {
  readonly heard: { readonly subject: string; readonly text: string }[] = [];
  readonly errors: string[] = [];
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #pongs = 0;
  #flushes = 0;
  #subscriptions = 0;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects with credentials as they were issued. Whether the server lets it in shows at the first `flush`. */
  static async connect(port: number, { jwt, seed }: UserCredentials): Promise<RawNats> {
    const socket = connect(port, '127.0.0.1');
    const client = new RawNats(socket);
    const greeted = Promise.withResolvers<string>();
    socket.once('data', (data) => {
      greeted.resolve(data.toString());
      socket.on('data', (more) => client.#receive(more));
    });
    socket.on('error', () => (client.#closed = true)).on('close', () => (client.#closed = true));
    const { nonce } = JSON.parse((await greeted.promise).slice('INFO '.length)) as { nonce: string };
    const sig = Buffer.from(nkeyFromSeed(seed).sign(Buffer.from(nonce))).toString('base64url');
    const options = { jwt, sig, headers: true, no_responders: true, verbose: false, pedantic: false, protocol: 1 };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n`);
    return client;
  }

  get closed(): boolean {
    return this.#closed;
  }

  subscribe(subject: string, queue = ''): void {
    this.#socket.write(`SUB ${subject} ${queue} ${++this.#subscriptions}\r\n`);
  }

  publish({ subject, answerTo = '', headers = {}, payload }: RawPublish): void {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `NATS/1.0\r\n${lines.join('')}\r\n`;
    const body = Buffer.from(payload);
    const [headBytes, allBytes] = [Buffer.byteLength(head), Buffer.byteLength(head) + body.length];
    this.#socket.write(`HPUB ${subject} ${answerTo} ${headBytes} ${allBytes}\r\n${head}`);
    this.#socket.write(body);
    this.#socket.write('\r\n');
  }

  /** Resolves once the server has dealt with everything that was sent, or has cut the line. */
  async flush(): Promise<void> {
    const wanted = ++this.#flushes;
    if (!this.#closed) this.#socket.write('PING\r\n');
    await until(() => this.#pongs >= wanted || this.#closed, { what: 'the answer of the broker', intervalMs: 2 });
  }

  async stop(): Promise<void> {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    for (;;) {
      const end = this.#bytes.indexOf('\r\n');
      if (end < 0) return;
      const [verb = '', ...words] = this.#bytes.subarray(0, end).toString().split(' ');
      const length = verb === 'MSG' || verb === 'HMSG' ? Number(words.at(-1)) + 2 : 0;
      if (this.#bytes.length < end + 2 + length) return;
      const text = this.#bytes.subarray(end + 2, end + 2 + Math.max(0, length - 2)).toString();
      this.#bytes = this.#bytes.subarray(end + 2 + length);
      this.#take(verb, words, text);
    }
  }

  #take(verb: string, words: readonly string[], text: string): void {
    if (verb === 'PING') this.#socket.write('PONG\r\n');
    if (verb === 'PONG') this.#pongs++;
    if (verb === '-ERR') this.errors.push(words.join(' '));
    if (verb === 'MSG' || verb === 'HMSG') this.heard.push({ subject: words[0]!, text });
  }
}
