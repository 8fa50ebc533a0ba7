import {
  AuthorizationError,
  connect,
  headers as natsHeaders,
  UserAuthenticationExpiredError,
  type Msg,
  type NatsConnection,
  type Server,
} from '@nats-io/transport-node';
import { Fault, type Random, type Running } from '@flotilla/foundation';
import type { UserCredentials } from './identity/accounts.ts';
import { nkeyFromSeed } from './identity/nkey.ts';
import { redialMs } from './redial.ts';

/** Where the broker is, who connects, and who is told of the line. */
export interface BusOptions {
  readonly servers: readonly string[];
  readonly credentials: UserCredentials;
  /** Shows on the server's side. */
  readonly name: string;
  readonly certificateAuthority?: string;
  /** An agent: thousands like it lose the broker in the same moment, and this spreads their coming back. */
  readonly oneOfMany?: Random;
  /** Told whenever the line is cut or stands again. */
  readonly onLine?: (connected: boolean) => void;
  readonly onError?: (error: unknown) => void;
  /** Told whenever the broker is there and does not take the identity. */
  readonly onRefused?: () => void;
  /** False for whoever would rather hear why the first connection failed than wait for it; true when absent. */
  readonly waitsForBroker?: boolean;
}

/** Headers of a message: one value for each name, as far as we ever send or read them. */
export type MessageHeaders = Readonly<Record<string, string>>;

/** A message as it came. There is no way to answer it, on purpose. */
export interface BusMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
}

/** One connection to the broker. It reconnects for ever; what was said while it was cut is lost, as it may always be. */
export interface Bus extends Running {
  publish(subject: string, data: Uint8Array, headers?: MessageHeaders): void;
  subscribe(subject: string, options: { queue?: string; onMessage: (message: BusMessage) => void }): Running;
  /** Resolves once the server has seen everything published so far. */
  flush(): Promise<void>;
  readonly connected: boolean;
  /** What the server says it is, such as `2.14.3`. */
  readonly serverVersion: string;
}

/** The options with which every connection of ours is made, Nest's included. */
export function natsOptions(options: BusOptions) {
  const { servers, credentials, name, certificateAuthority, oneOfMany, waitsForBroker = true } = options;
  const key = nkeyFromSeed(credentials.seed);
  return {
    servers: [...servers],
    name,
    authenticator: (nonce?: string) => ({
      jwt: credentials.jwt,
      nkey: key.publicKey,
      sig: Buffer.from(key.sign(Buffer.from(nonce ?? ''))).toString('base64url'),
    }),
    maxReconnectAttempts: -1,
    waitOnFirstConnect: waitsForBroker,
    reconnectTimeWait: 500,
    reconnectJitter: 1_000,
    pingInterval: 10_000,
    maxPingOut: 2,
    // An expired or revoked identity is refused again and again; the process goes on from what it holds.
    ignoreAuthErrorAbort: true,
    ...(certificateAuthority && { tls: { ca: certificateAuthority } }),
    ...(oneOfMany && spreadDials(oneOfMany)),
  };
}

/** The client asks before each dial. The very first one goes out at once. */
function spreadDials(random: Random) {
  return {
    reconnectDelayHandler: () => 0,
    reconnectToServer: ([server]: readonly Server[]) => {
      const { didConnect, reconnects } = server!;
      return { server: server!, delay: didConnect || reconnects > 0 ? redialMs(reconnects, random) : 0 };
    },
  };
}

/** Connects, and waits for a broker as long as it takes: services and agents may be started before it. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const connection = await connect(natsOptions(options));
  let connected = true;
  options.onLine?.(true);
  const onLine = (isConnected: boolean) => {
    connected = isConnected;
    options.onLine?.(isConnected);
  };
  void followStatus(connection, { onLine, onRefused: () => options.onRefused?.() });
  return {
    get connected() {
      return connected;
    },
    publish: (subject, data, messageHeaders) => {
      // While the line is cut the client would buffer without end; every sender here repeats itself anyway.
      if (!connected) throw lineCut(subject);
      connection.publish(subject, data, messageHeaders ? { headers: toNatsHeaders(messageHeaders) } : undefined);
    },
    subscribe: (subject, { queue, onMessage }) => {
      const callback = (error: Error | null, message: Msg) => {
        if (error) return options.onError?.(error);
        try {
          onMessage({ subject: message.subject, data: message.data, headers: fromNatsHeaders(message) });
        } catch (failure) {
          // A message that cannot be handled is dropped; the next one, and the line, go on.
          options.onError?.(failure);
        }
      };
      const subscription = connection.subscribe(subject, { callback, ...(queue && { queue }) });
      return { stop: () => subscription.drain().catch(() => undefined) };
    },
    flush: () => connection.flush(),
    get serverVersion() {
      return connection.info?.version ?? '';
    },
    stop: () => connection.close(),
  };
}

/** Whether the broker was there and did not take the identity: it expired, was revoked, or was never good. */
export function isRefusal(error: unknown): boolean {
  return error instanceof AuthorizationError || error instanceof UserAuthenticationExpiredError;
}

interface Followers {
  readonly onLine: (connected: boolean) => void;
  readonly onRefused: () => void;
}

async function followStatus(connection: NatsConnection, { onLine, onRefused }: Followers): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') onLine(false);
    if (status.type === 'reconnect') onLine(true);
    if (status.type === 'error' && isRefusal(status.error)) onRefused();
  }
}

function lineCut(subject: string): Fault {
  return new Fault({
    code: 'unavailable',
    reason: 'BrokerUnreachable',
    message: `the broker is away; ${subject} was not sent`,
  });
}

function toNatsHeaders(values: MessageHeaders) {
  const result = natsHeaders();
  for (const [name, value] of Object.entries(values)) result.set(name, value);
  return result;
}

function fromNatsHeaders(message: Msg): MessageHeaders {
  const values: Record<string, string> = {};
  for (const key of message.headers?.keys() ?? []) values[key] = message.headers!.get(key);
  return values;
}
