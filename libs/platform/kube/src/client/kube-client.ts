import type { Clock, Random } from '@flotilla/foundation';
import type { GroupKind, KubeObject, ObjectKey } from '@flotilla/model';
import { KindCatalog } from '../discovery/kind-catalog.ts';
import type { KubeTransport } from '../transport/kube-transport.port.ts';
import { openWatch, type WatchOptions, type WatchStream } from '../watch/open-watch.ts';
import type { KubeWarning } from './answer.ts';
import { applyObject, type Applied, type ApplyOptions } from './apply-object.ts';
import { Caller } from './caller.ts';
import { deleteObject, type DeleteOptions, type Deletion } from './delete-object.ts';
import { FlowControl } from './flow-control.ts';
import { impersonationHeaders, type Identity } from './identity.ts';
import { listPages, type ListOptions, type ListPage } from './list-pages.ts';
import type { WriteOptions } from './object-body.ts';
import { kindOfObject } from './object-path.ts';
import {
  getObject,
  getText,
  getVersion,
  type GetOptions,
  type ServerVersion,
  type TextOptions,
} from './read-object.ts';
import { doubtingKinds } from './doubting-kinds.ts';
import { createObject, mergePatchObject, replaceObject, type Created, type Replaced } from './write-object.ts';

export interface KubeClientOptions {
  readonly transport: KubeTransport;
  readonly clock: Clock;
  readonly random: Random;
  /** Requests under way at once, watches not counted. */
  readonly requestsMax?: number;
  /** How long one try of a request may take. */
  readonly timeoutMs?: number;
  readonly answerBytesMax?: number;
  readonly onWarning?: (warning: KubeWarning) => void;
}

/** All objects of a kind, and the version from which a watch goes on. */
export interface Listed {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

/** A client over any transport: the same calls, limits and faults over the network and in process. */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { transport, clock, random, onWarning } = options;
  const flow = new FlowControl({ clock, random, requestsMax: options.requestsMax ?? 32 });
  const caller = new Caller({
    transport,
    flow,
    clock,
    random,
    timeoutMs: options.timeoutMs ?? 40_000,
    answerBytesMax: options.answerBytesMax ?? 8 * 1024 * 1024,
    onWarning,
  });
  return new KubeClient({ caller, kinds: new KindCatalog({ caller, clock }) });
}

/**
 * One API server, with every object as plain JSON. What a caller has to expect is a value (conflicts, an object that
 * is not there); everything else is a fault that names object and verb and says what follows from it.
 */
export class KubeClient {
  readonly kinds: KindCatalog;
  readonly #caller: Caller;

  constructor({ caller, kinds }: { readonly caller: Caller; readonly kinds: KindCatalog }) {
    this.#caller = caller;
    this.kinds = kinds;
  }

  /** The same client acting as somebody else. An empty identity is refused, never replaced by our own. */
  as(identity: Identity): KubeClient {
    return new KubeClient({ caller: this.#caller.as(impersonationHeaders(identity)), kinds: this.kinds });
  }

  version(): Promise<ServerVersion> {
    return getVersion(this.#caller);
  }

  /** The object as it is now, read from the server's quorum; `undefined` when it is not there. */
  async get(key: ObjectKey, options: GetOptions = {}): Promise<KubeObject | undefined> {
    const info = await this.kinds.require(key, options.version);
    return doubtingKinds(this.kinds, () => getObject(this.#caller, info, key, options));
  }

  /** A part of an object that is text, such as the `log` of a Pod. */
  async text(key: ObjectKey, options: TextOptions): Promise<string | undefined> {
    const info = await this.kinds.require(key, options.version);
    return doubtingKinds(this.kinds, () => getText(this.#caller, info, key, options));
  }

  async list(kind: GroupKind, options: ListOptions = {}): Promise<Listed> {
    let [items, resourceVersion]: [KubeObject[], string] = [[], ''];
    await this.eachPage(kind, options, (page) => {
      if (page.first) items = [];
      items.push(...page.items);
      resourceVersion = page.resourceVersion;
    });
    return { items, resourceVersion };
  }

  /** Hands over page by page, so that a large list never lies in memory as a whole. */
  async eachPage(kind: GroupKind, options: ListOptions, onPage: (page: ListPage) => void): Promise<void> {
    const info = await this.kinds.require(kind, options.version);
    await this.#caller.flow.list(() =>
      doubtingKinds(this.kinds, async () => {
        for await (const page of listPages(this.#caller, info, options)) onPage(page);
      }),
    );
  }

  /** The changes since a resource version, until the server or the signal ends them. `watchKind` follows them for good. */
  async watch(kind: GroupKind, options: WatchOptions): Promise<WatchStream> {
    const info = await this.kinds.require(kind, options.version);
    return doubtingKinds(this.kinds, () => openWatch(this.#caller, info, options));
  }

  async apply(object: KubeObject, options: ApplyOptions): Promise<Applied> {
    const info = await this.#infoOf(object);
    return doubtingKinds(this.kinds, () => applyObject(this.#caller, info, object, options));
  }

  async create(object: KubeObject, options: Omit<WriteOptions, 'subresource'>): Promise<Created> {
    const info = await this.#infoOf(object);
    return doubtingKinds(this.kinds, () => createObject(this.#caller, info, object, options));
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<Replaced> {
    const info = await this.#infoOf(object);
    return doubtingKinds(this.kinds, () => replaceObject(this.#caller, info, object, options));
  }

  async mergePatch(
    key: ObjectKey,
    patch: Readonly<Record<string, unknown>>,
    options: WriteOptions & { readonly version?: string },
  ): Promise<KubeObject | undefined> {
    const info = await this.kinds.require(key, options.version);
    return doubtingKinds(this.kinds, () => mergePatchObject(this.#caller, info, { key, patch }, options));
  }

  async delete(key: ObjectKey, options: DeleteOptions): Promise<Deletion> {
    const info = await this.kinds.require(key);
    return doubtingKinds(this.kinds, () => deleteObject(this.#caller, info, key, options));
  }

  #infoOf(object: KubeObject) {
    const { groupKind, version } = kindOfObject(object);
    return this.kinds.require(groupKind, version);
  }
}
