// Three parts alone: undici's own door also loads fetch, WebSocket, caches and mocks, which an agent would carry as
// 30 MB for nothing. The version is pinned exactly, and the specs on real sockets would notice a move.
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';

export { default as connectorOf } from 'undici/lib/core/connect.js';
export { default as Agent } from 'undici/lib/dispatcher/agent.js';

/** `dispatcher.request`, which only that door would have added. */
export function requestThrough(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return request.call(dispatcher, options);
}
