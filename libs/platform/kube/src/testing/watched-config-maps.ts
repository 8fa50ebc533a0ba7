import { seededRandom, type Fault } from '@flotilla/foundation';
import type { WatchEvent } from '../watch/object-cache.ts';
import type { WatchKindOptions } from '../watch/watch-cache.ts';
import { watchKind } from '../watch/watch-kind.ts';
import { scriptedClient } from './scripted-client.ts';
import { ScriptedStream } from './scripted-stream.ts';
import type { Script } from './scripted-transport.ts';

/** The kind that is watched. */
export const configMap = { group: '', kind: 'ConfigMap' };
/** The route by which it is listed. */
export const configMaps = 'GET /api/v1/configmaps';

/** An object as it is listed, or told of. */
export function told(name: string, resourceVersion: number, uid = name) {
  return { metadata: { name, namespace: 'shop', uid, resourceVersion: String(resourceVersion) } };
}

/** The answer to a list. */
export function list(resourceVersion: number, ...items: unknown[]) {
  return { json: { metadata: { resourceVersion: String(resourceVersion) }, items } };
}

/** The answer of a server that has forgotten the place from which it is asked. */
export const gone = {
  status: 410,
  json: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
};

/** An event as one line of text, with the version that `keep` kept. */
export function line(event: WatchEvent<string>): string {
  return event.type === 'synced' || event.type === 'reset'
    ? event.type
    : `${event.type} ${event.key.name} ${event.kept}`;
}

/**
 * A watch of ConfigMaps at a server that answers lists like this, and whose streams the test writes; `streams` holds
 * those that were opened.
 */
export function watching(answers: Script, options: Partial<WatchKindOptions<string>> = {}) {
  const { transport, client, clock } = scriptedClient();
  const [events, problems, streams]: [string[], string[], ScriptedStream[]] = [[], [], []];
  transport.on(configMaps, answers).on(`${configMaps}?watch`, () => {
    const stream = new ScriptedStream();
    streams.push(stream);
    return { stream };
  });
  const cache = watchKind(client, configMap, {
    keep: ({ metadata }) => metadata.resourceVersion!,
    onChange: (event) => events.push(line(event)),
    onProblem: ({ reason }: Fault) => problems.push(reason),
    clock,
    random: seededRandom(1),
    ...options,
  });
  const watches = () => transport.seen.filter((seen) => seen.includes('watch=true'));
  const lists = () => transport.seen.filter((seen) => seen.startsWith(`${configMaps}?limit`));
  return { transport, clock, cache, events, problems, streams, watches, lists };
}
