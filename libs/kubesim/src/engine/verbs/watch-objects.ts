import type { Clock } from '@flotilla/foundation';
import { withMetadata } from '../../objects/metadata.ts';
import { expired } from '../../problems/status-fault.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { checkWatchOptions } from '../check-list-options.ts';
import { negotiateForm, type Form } from '../negotiate.ts';
import type { Change } from '../object-store.ts';
import { readBoolean, readInteger } from '../read-options.ts';
import { represent } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { isSelected, readSelection, type Selection } from '../select.ts';
import { readRevision } from './list-objects.ts';
import { WatchStream } from './watch-stream.ts';

/** A watch that nobody limits ends after half an hour: clients have to begin anew sometimes. */
const timeoutDefaultMs = 30 * 60_000;
const bookmarkEveryMs = 60_000;

/** Streams changes as they happen, beginning with what is there unless a revision is named. */
export function watchObjects(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, namespace, query, headers, signal } = request;
  checkWatchOptions(query);
  const watch = new Watch({
    cluster,
    request,
    form: negotiateForm(headers['accept'], 'list'),
    selection: readSelection(resource, namespace, query),
    bookmarks: readBoolean(query.get('allowWatchBookmarks')) ?? false,
  });
  const fromStart = readBoolean(query.get('sendInitialEvents')) ?? false;
  watch.begin(fromStart ? '' : (query.get('resourceVersion') ?? ''));
  const seconds = readInteger(query.get('timeoutSeconds'));
  watch.endAfter(seconds ? seconds * 1000 : timeoutDefaultMs, cluster.clock, signal);
  return { status: 200, body: watch.stream };
}

interface WatchOptions {
  readonly cluster: Cluster;
  readonly request: ResourceRequest;
  readonly form: Form;
  readonly selection: Selection;
  readonly bookmarks: boolean;
}

class Watch {
  readonly stream: WatchStream;
  readonly #options: WatchOptions;
  readonly #ended = new AbortController();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.stream = new WatchStream(() => this.#ended.abort());
  }

  begin(resourceVersion: string): void {
    const { cluster, request, bookmarks } = this.#options;
    const store = cluster.store(request.resource);
    if (resourceVersion === '' || resourceVersion === '0') {
      for (const [, object] of store.entries()) this.#sendInitial(object);
      if (bookmarks) this.#bookmark({ 'k8s.io/initial-events-end': 'true' });
    } else {
      const revision = readRevision(resourceVersion);
      const missed = store.changesAfter(revision);
      if (!missed) return this.#tooOld(revision, store.oldestRevision);
      for (const change of missed) this.#send(change);
    }
    const stop = store.listen((change) => this.#send(change));
    this.#ended.signal.addEventListener('abort', stop, { once: true });
  }

  /** Ends the stream after a time, or when the client goes; a last bookmark tells where to go on. */
  endAfter(ms: number, clock: Clock, signal: AbortSignal | undefined): void {
    const end = () => this.stream.end();
    if (signal?.aborted) return end();
    signal?.addEventListener('abort', end, { once: true });
    this.#ended.signal.addEventListener('abort', () => signal?.removeEventListener('abort', end), { once: true });
    void this.#beat(ms, clock);
  }

  async #beat(ms: number, clock: Clock): Promise<void> {
    const endsAt = clock.now() + ms;
    while (!this.#ended.signal.aborted && clock.now() < endsAt) {
      await clock.sleep(Math.min(bookmarkEveryMs, endsAt - clock.now()), this.#ended.signal);
      if (!this.#ended.signal.aborted && this.#options.bookmarks) this.#bookmark();
    }
    this.stream.end();
  }

  #sendInitial(object: JsonObject): void {
    if (isSelected(object, this.#options.selection)) this.#push('ADDED', object);
  }

  /** An object that begins or ceases to match looks added or deleted, whatever happened to it. */
  #send({ type, object, previous }: Change): void {
    const { selection } = this.#options;
    const matches = type !== 'DELETED' && isSelected(object, selection);
    const matched = previous !== undefined && isSelected(previous, selection);
    if (matches) this.#push(matched ? 'MODIFIED' : 'ADDED', object);
    else if (matched) this.#push('DELETED', asLastMatched(object, previous));
  }

  #push(type: string, object: JsonObject): void {
    const { form, request } = this.#options;
    this.stream.push(`{"type":"${type}","object":${represent(object, form, request.resource)}}\n`);
  }

  #bookmark(annotations?: Readonly<Record<string, string>>): void {
    const { cluster, request } = this.#options;
    const { kind, apiVersion, codec } = request.resource;
    const metadata = { resourceVersion: String(cluster.revisions.current), ...(annotations && { annotations }) };
    this.#push('BOOKMARK', { kind, apiVersion, ...codec.zero, metadata });
  }

  #tooOld(revision: number, oldest: number): void {
    const { status } = expired(`too old resource version: ${revision} (${oldest})`);
    this.stream.push(`{"type":"ERROR","object":${JSON.stringify(status)}}\n`);
    this.stream.end();
  }
}

/** What leaves a selection is shown as it last matched, at the revision of its leaving. */
function asLastMatched(object: JsonObject, previous: JsonObject): JsonObject {
  const { resourceVersion } = object['metadata'] as { resourceVersion?: string };
  return withMetadata(previous, { resourceVersion });
}
