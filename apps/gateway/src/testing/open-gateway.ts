import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ControlVerb } from '@flotilla/contracts';
import { tokenHash } from '@flotilla/control-access';
import { InMemoryTokens } from '@flotilla/control-access/testing';
import { Channel, systemClock, type Clock, type Running } from '@flotilla/foundation';
import { chainStart } from '@flotilla/model';
import type { Logger } from '@flotilla/platform-telemetry';
import { GatewayModule, type GatewayParts } from '../gateway.module.ts';
import { closeHttp } from '../http/close-http.ts';
import { configureHttp } from '../http/configure-http.ts';
import type { Change } from '../events/changes.ts';
import { InMemoryIdempotency } from './in-memory-access.ts';

/** The tokens that a test gateway knows, each with the name of its rights. `twin` is another person with rights. */
export const tokens = {
  reader: 'token-of-a-reader',
  writer: 'token-of-a-writer',
  admin: 'token-of-an-admin',
  twin: 'token-of-a-twin',
  /** An admin of the project `shop` alone. */
  tenant: 'token-of-a-tenant',
};

const rights = {
  reader: { permission: 'read' },
  writer: { permission: 'write' },
  admin: { permission: 'admin' },
  twin: { permission: 'admin' },
  tenant: { permission: 'admin', project: 'shop' },
} as const;

async function knownTokens(clock: Clock): Promise<InMemoryTokens> {
  const known = new InMemoryTokens(clock);
  for (const [name, text] of Object.entries(tokens))
    await known.ensure({ hash: tokenHash(text), name, ...rights[name as keyof typeof tokens] });
  return known;
}

/** A whole gateway in this process, on a port of its own, before a world that is empty. */
export interface TestGateway extends Running {
  readonly url: string;
  readonly server: Server;
  readonly idempotency: InMemoryIdempotency;
  readonly tokens: InMemoryTokens;
  /** What was logged as an error. */
  readonly errors: Record<string, unknown>[];
  /** What other services were asked, in order. */
  readonly asked: { readonly verb: string; readonly request: unknown }[];
  tell(change: Omit<Change, 'number'>): void;
  /** Sends a request; `as` names one of the tokens. */
  send(path: string, request?: RequestInit & { readonly as?: keyof typeof tokens }): Promise<Response>;
}

export interface TestGatewayOptions {
  readonly parts?: Partial<GatewayParts>;
  /** Plays the other services. */
  readonly answer?: (verb: ControlVerb, request: unknown) => Promise<unknown>;
  readonly webDirectory?: string;
}

export async function openGateway({
  parts,
  webDirectory,
  answer = async () => ({}),
}: TestGatewayOptions = {}): Promise<TestGateway> {
  const idempotency = new InMemoryIdempotency();
  const known = await knownTokens(parts?.clock ?? systemClock);
  const asked: { verb: string; request: unknown }[] = [];
  const errors: Record<string, unknown>[] = [];
  const channels: Channel<Change>[] = [];
  let told = 0;
  const ask = ((verb: ControlVerb, request: unknown) => {
    asked.push({ verb: verb.name, request });
    return answer(verb, request);
  }) as GatewayParts['control']['ask'];
  const follow = (signal: AbortSignal) => {
    const channel = new Channel<Change>();
    signal.addEventListener('abort', () => channel.end());
    channels.push(channel);
    return channel;
  };
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.with({
      ...emptyWorld,
      logger: silentLogger((fields) => errors.push(fields)),
      tokens: known,
      idempotency,
      control: { ask },
      changes: { follow },
      ...parts,
    }),
    { logger: false, bodyParser: false, abortOnError: false },
  );
  configureHttp(app, webDirectory);
  await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  return {
    url,
    server: app.getHttpServer(),
    idempotency,
    tokens: known,
    errors,
    asked,
    tell: (change) => {
      const numbered = { number: ++told, ...change };
      channels.forEach((channel) => channel.push(numbered));
    },
    send: (path, { as, ...request } = {}) => fetch(url + path, { ...request, headers: headersOf(request.headers, as) }),
    stop: async () => {
      channels.forEach((channel) => channel.end());
      await closeHttp(app, parts?.clock ?? systemClock);
    },
  };
}

function headersOf(given: RequestInit['headers'], as: keyof typeof tokens | undefined): Headers {
  const headers = new Headers(given);
  if (as) headers.set('authorization', `Bearer ${tokens[as]}`);
  return headers;
}

function silentLogger(onError: (fields: Record<string, unknown>) => void): Logger {
  const nothing = () => undefined;
  return { debug: nothing, info: nothing, warn: nothing, error: onError };
}

const nothingThere = async () => ({ items: [] });

const emptyWorld: Omit<GatewayParts, 'logger' | 'tokens' | 'idempotency' | 'control' | 'changes'> = {
  clock: systemClock,
  health: { checks: async () => [{ name: 'broker' }, { name: 'database' }], metricsText: async () => 'up 1\n' },
  documents: { all: async () => [], change: async () => ({ changes: [], problems: [] }) },
  sources: {
    projects: async () => ['default'],
    documents: nothingThere,
    document: async () => undefined,
    freezeBlast: async () => ({ applications: 0, environments: 0, clusters: 0, targets: 0 }),
    revisions: nothingThere,
    repairs: nothingThere,
  },
  delivery: {
    releases: nothingThere,
    stages: nothingThere,
    rollouts: nothingThere,
    deployments: nothingThere,
    waves: async () => [],
    heldTurn: async () => undefined,
    withoutImages: async () => 0,
  },
  rollbacks: { rollbacks: nothingThere, rollback: async () => undefined, quarantine: nothingThere },
  upgrades: { upgrades: nothingThere },
  fleet: {
    clusters: nothingThere,
    targets: nothingThere,
    target: async () => undefined,
    waitingFor: async () => [],
    counts: async () => [],
  },
  ledger: {
    events: nothingThere,
    chain: async () => ({ anchor: chainStart, head: chainStart, unsealed: 0, lines: [] }),
  },
  deadLetters: {
    letters: nothingThere,
    letter: async () => undefined,
    replay: async () => false,
    discard: async () => false,
  },
  agentsDoor: { say: () => undefined },
  proxies: { check: () => false },
};
