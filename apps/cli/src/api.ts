import { FlotillaClient } from '@flotilla/client';
import type { Operation, OperationCall, OperationResponse } from '@flotilla/contracts';
import { backoffMs, toFault, type Fault } from '@flotilla/foundation';
import { boundedFetch } from './bounded-fetch.ts';
import type { Settings } from './settings/settings.ts';
import type { World } from './world.ts';

/** The control plane, as one call of this program sees it. */
export interface Api {
  readonly client: FlotillaClient;
  readonly server: string;
  readonly project: string;
  readonly world: World;
}

export interface OpenApiOptions {
  readonly settings: Settings;
  readonly world: World;
  /** Told of each request, for people who debug. */
  readonly onRequest: (line: string) => void;
  readonly timeoutMs?: number;
}

/** Longer than the control plane waits for an agent. */
const timeoutDefaultMs = 30_000;

export function openApi({ settings, world, onRequest, timeoutMs = timeoutDefaultMs }: OpenApiOptions): Api {
  const { server, project, token } = settings;
  const fetch = boundedFetch({ fetch: world.fetch, signal: world.signal, timeoutMs });
  const client = new FlotillaClient({ server, token: token?.reveal(), fetch, onRequest });
  return { client, server, project, world };
}

/** The same control plane, looking at another project. */
export function inProject(api: Api, project: string): Api {
  return { ...api, project };
}

const triesMax = 3;
const retry = { baseMs: 500, maxMs: 4_000 };

/**
 * Sends an order. An answer that got lost is asked for again under the same key, so that the order takes effect once,
 * however often it is sent.
 */
export async function sendOrder<Of extends Operation>(
  { client, world }: Api,
  order: Of,
  call: OperationCall<Of>,
): Promise<OperationResponse<Of>> {
  const idempotencyKey = world.ids.next();
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.call(order, call, { idempotencyKey });
    } catch (error) {
      const fault = toFault(error);
      if (attempt === triesMax || world.signal.aborted || !mayPass(fault)) throw fault;
      await world.clock.sleep(backoffMs(attempt, retry, world.random), world.signal);
    }
  }
}

function mayPass({ code, reason }: Fault): boolean {
  return code === 'unavailable' || reason === 'RequestInFlight';
}
