import { operations, type Operation } from '@flotilla/contracts';

/** Every operation of the contract, by its name. */
export const everyOperation = Object.entries<Operation>(operations);

/** The path of an operation in which every parameter is `x`. */
export function pathOf({ path }: Operation): string {
  return path.replaceAll(/\{\w+\}/g, 'x');
}

/** A path that needs a token, and serves whoever may read. */
export const targetsPath = '/api/v1/projects/default/targets';

/** Sends a body as JSON, whatever it is. */
export function json(body: string) {
  return { method: 'POST', body, headers: { 'content-type': 'application/json' } };
}

/** What a refusal says, without what differs from request to request. */
export async function refusal(response: Response) {
  const { code, status, retryable, detail } = (await response.json()) as Record<string, unknown>;
  return { type: response.headers.get('content-type'), status, code, retryable, detail };
}
