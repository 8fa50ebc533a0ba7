import { Fault } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import { apiVersionOf, kindTitle, type KindInfo } from '../discovery/kind-table.ts';
import { readJson, type Call } from './answer.ts';
import type { Caller } from './caller.ts';
import { collectionPath } from './object-path.ts';

/** Which objects of a kind. */
export interface Selection {
  readonly version?: string | undefined;
  /** All namespaces when absent. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Everything but `metadata` is left out by the server. */
  readonly metadataOnly?: boolean | undefined;
}

export interface ListOptions extends Selection {
  /** How many objects a page may hold. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** One page of a list that may begin anew in the middle. */
export interface ListPage {
  /** This page begins the list, maybe anew because the server forgot the old one: drop what came before. */
  readonly first: boolean;
  readonly last: boolean;
  readonly items: readonly KubeObject[];
  /** Items without a name, which are left out. */
  readonly unreadable: number;
  /** Of the whole list: a watch from here misses nothing. */
  readonly resourceVersion: string;
}

const limitDefault = 500;
const restartsMax = 3;

/**
 * Walks through all objects of a kind, page by page. The server keeps a list for some minutes only; when it has
 * forgotten it half-way, the walk begins anew. A page too large to be read is asked for in smaller pieces.
 */
export async function* listPages(
  caller: Caller,
  info: KindInfo,
  options: ListOptions,
): AsyncGenerator<ListPage, void, void> {
  let [limit, restarts, token] = [options.limit ?? limitDefault, 0, ''];
  for (;;) {
    const call = listCall(info, options, limit, token);
    try {
      const answer = await caller.demand(call);
      const page = readPage(readJson(call, answer) as ListAnswer, info, token === '');
      yield page.page;
      if (page.page.last) return;
      token = page.token;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.reason === 'AnswerTooLarge' && limit > 1) limit = Math.ceil(limit / 4);
      else if (error.reason === 'ResourceExpired' && restarts++ < restartsMax) token = '';
      else throw error;
    }
  }
}

/** The words and the query that a list and a watch have in common. */
export function selectionCall(
  verb: string,
  info: KindInfo,
  selection: Selection,
): Call & { readonly query: URLSearchParams } {
  const { namespace, labelSelector, fieldSelector } = selection;
  const query = new URLSearchParams();
  if (labelSelector) query.set('labelSelector', labelSelector);
  if (fieldSelector) query.set('fieldSelector', fieldSelector);
  const subject = `${kindTitle(info, info.version)}${namespace ? ` in ${namespace}` : ''}`;
  return { verb, subject, query, request: { method: 'GET', path: collectionPath(info, namespace), query } };
}

/** Asks for metadata alone; a server that cannot do that answers with whole objects. */
export function acceptOf(
  metadataOnly: boolean | undefined,
  as: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
): string {
  return metadataOnly ? `application/json;as=${as};g=meta.k8s.io;v=v1,application/json` : 'application/json';
}

/**
 * Gives an object the kind it was asked for as: items of a list come without one, and metadata alone comes under a
 * kind of its own. `undefined` when it has no name and cannot be told from others.
 */
export function asObjectOf(info: KindInfo, item: unknown): KubeObject | undefined {
  const object = item as KubeObject | null | undefined;
  if (typeof object?.metadata?.name !== 'string' || object.metadata.name === '') return undefined;
  return Object.assign(object, { apiVersion: apiVersionOf(info), kind: info.kind });
}

interface ListAnswer {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

function listCall(info: KindInfo, options: ListOptions, limit: number, token: string): Call {
  const call = selectionCall('list', info, options);
  call.query.set('limit', String(limit));
  if (token) call.query.set('continue', token);
  const headers = { accept: acceptOf(options.metadataOnly, 'PartialObjectMetadataList') };
  return { ...call, request: { ...call.request, headers, ...(options.signal && { signal: options.signal }) } };
}

function readPage({ metadata, items }: ListAnswer, info: KindInfo, first: boolean): { page: ListPage; token: string } {
  const all = items ?? [];
  const objects = all.flatMap((item) => asObjectOf(info, item) ?? []);
  const token = metadata?.continue ?? '';
  const page = {
    first,
    last: token === '',
    items: objects,
    unreadable: all.length - objects.length,
    resourceVersion: metadata?.resourceVersion ?? '',
  };
  return { page, token };
}
