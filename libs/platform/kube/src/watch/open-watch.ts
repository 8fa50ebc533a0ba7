import type { Fault } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import type { Call } from '../client/answer.ts';
import { inWordsOf } from '../client/call-fault.ts';
import type { Caller } from '../client/caller.ts';
import { faultOf } from '../client/kube-fault.ts';
import { acceptOf, asObjectOf, selectionCall, type Selection } from '../client/list-pages.ts';
import type { KindInfo } from '../discovery/kind-table.ts';
import { LineSplitter } from './line-splitter.ts';

export interface WatchOptions extends Selection {
  /** Changes after this one, which a list or an earlier watch gave. */
  readonly resourceVersion: string;
  /** When the server shall end the watch. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** One line of a watch. `unreadable` stands for a line that is no event: what it would have told is unknown. */
export type WatchLine =
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: KubeObject }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly fault: Fault }
  | { readonly type: 'unreadable' };

/** The lines of a watch, as many at a time as arrive together. */
export type WatchStream = AsyncIterable<readonly WatchLine[]>;

const lineBytesMax = 8 * 1024 * 1024;

export async function openWatch(caller: Caller, info: KindInfo, options: WatchOptions): Promise<WatchStream> {
  const { resourceVersion, timeoutSeconds, metadataOnly, signal } = options;
  const { query, ...call } = selectionCall('watch', info, options);
  query.set('watch', 'true');
  query.set('allowWatchBookmarks', 'true');
  query.set('resourceVersion', resourceVersion);
  query.set('timeoutSeconds', String(timeoutSeconds));
  const headers = { accept: acceptOf(metadataOnly, 'PartialObjectMetadata') };
  const response = await caller.open({ ...call, request: { ...call.request, headers, signal } });
  return readLines(response.body, call, info);
}

async function* readLines(
  body: AsyncIterable<Uint8Array>,
  call: Call,
  info: KindInfo,
): AsyncGenerator<readonly WatchLine[]> {
  const splitter = new LineSplitter(lineBytesMax);
  try {
    // A stream that ends within a line was cut: the rest comes again after the resource version before it.
    for await (const chunk of body) {
      const lines = splitter.push(chunk);
      if (lines.length > 0) yield lines.map((line) => readLine(line, call, info));
    }
  } catch (error) {
    throw inWordsOf(call, error);
  }
}

const objectTypes = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

function readLine(line: string, call: Call, info: KindInfo): WatchLine {
  const event = parse(line);
  switch (event?.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const object = asObjectOf(info, event.object);
      return object?.metadata.resourceVersion ? { type: objectTypes[event.type], object } : { type: 'unreadable' };
    }
    case 'BOOKMARK': {
      const resourceVersion = (event.object as KubeObject | undefined)?.metadata?.resourceVersion;
      return resourceVersion ? { type: 'bookmark', resourceVersion } : { type: 'unreadable' };
    }
    case 'ERROR': {
      const { code = 500 } = (event.object ?? {}) as { code?: number };
      return {
        type: 'error',
        fault: faultOf(call, { status: code, headers: {}, text: JSON.stringify(event.object ?? {}) }),
      };
    }
    default:
      return { type: 'unreadable' };
  }
}

function parse(line: string): { readonly type?: string; readonly object?: unknown } | undefined {
  try {
    return JSON.parse(line) as { type?: string; object?: unknown };
  } catch {
    return undefined;
  }
}
