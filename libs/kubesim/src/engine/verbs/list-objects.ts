import { badRequest, expired, StatusFault } from '../../problems/status-fault.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { checkListOptions } from '../check-list-options.ts';
import { negotiateForm } from '../negotiate.ts';
import { readInteger } from '../read-options.ts';
import { representList, type ListMetadata } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { isSelected, isWhole, readSelection, type Selection } from '../select.ts';

type Entries = readonly (readonly [string, JsonObject])[];

/** Lists the objects that are selected, as they are now or were at a revision, whole or page by page. */
export function listObjects(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, query, headers, namespace } = request;
  const form = negotiateForm(headers['accept'], 'list');
  checkListOptions(query);
  const selection = readSelection(resource, namespace, query);
  const page = readPage(cluster, query);
  const entries = entriesOf(cluster, request, page);
  const after = entries.filter(([key, object]) => key > page.after && isSelected(object, selection));
  const shown = page.limit > 0 ? after.slice(0, page.limit) : after;
  const rest = after.length - shown.length;
  const metadata = listMetadata(page, { rest, last: shown.at(-1)?.[0] ?? '', selection });
  return {
    status: 200,
    body: representList(
      shown.map(([, object]) => object),
      metadata,
      form,
      resource,
    ),
  };
}

/** Which part of which state a list shows. */
interface Page {
  readonly revision: number;
  /** Zero for all. */
  readonly limit: number;
  /** The key behind which the page begins. */
  readonly after: string;
}

function readPage(cluster: Cluster, query: URLSearchParams): Page {
  const limit = Math.max(0, readInteger(query.get('limit')) ?? 0);
  const token = query.get('continue') ?? '';
  const current = cluster.revisions.current;
  if (token !== '') return { limit, ...readToken(token) };
  const given = query.get('resourceVersion') ?? '';
  const revision = given === '' ? current : readRevision(given);
  if (revision > current) throw tooLarge(revision, current);
  if (query.get('resourceVersionMatch') === 'Exact') return { revision, limit, after: '' };
  // A list that takes any revision comes from the server's cache, which knows no pages.
  return { revision: current, limit: given === '0' ? 0 : limit, after: '' };
}

export function readRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const detail = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badRequest(`invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: ${detail}`);
}

function tooLarge(revision: number, current: number): StatusFault {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusFault({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${revision}, current: ${current}`,
    details: { causes, retryAfterSeconds: 1 },
  });
}

function entriesOf(cluster: Cluster, { resource, namespace }: ResourceRequest, { revision }: Page): Entries {
  const entries = cluster.store(resource).entriesAt(revision, namespace);
  if (entries) return entries;
  throw expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
}

interface Cut {
  readonly rest: number;
  readonly last: string;
  readonly selection: Selection;
}

function listMetadata({ revision }: Page, { rest, last, selection }: Cut): ListMetadata {
  const resourceVersion = String(revision);
  if (rest === 0) return { resourceVersion };
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${last}\u0000` };
  const text = Buffer.from(JSON.stringify(token)).toString('base64url');
  return { resourceVersion, continue: text, ...(isWhole(selection) && { remainingItemCount: rest }) };
}

function readToken(token: string): { readonly revision: number; readonly after: string } {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as { rv: number; start: string };
    return { revision: rv, after: start.slice(0, -1) };
  } catch {
    throw badRequest('invalid continue token: continue key is not valid');
  }
}
