import { mapLimited } from '@flotilla/foundation';
import { isSuccess, readJson, type Answer, type Call } from '../client/answer.ts';
import type { Caller } from '../client/caller.ts';
import { faultOf } from '../client/kube-fault.ts';
import { KindTable, type KindInfo } from './kind-table.ts';
import {
  readAggregated,
  readGroups,
  readResources,
  type AggregatedList,
  type Discovered,
  type GroupList,
  type GroupVersion,
  type ResourceList,
} from './read-discovery.ts';

/** A table with what it takes to ask whether anything changed since. */
export interface Discovery {
  readonly table: KindTable;
  readonly parts: readonly Part[];
}

interface Part {
  readonly discovered: Discovered;
  readonly etag: string | undefined;
}

const roots = ['/api', '/apis'];
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const listsAtOnceMax = 8;

/**
 * Asks an API server what it serves: two requests, which cost next to nothing when nothing has changed. A server
 * that cannot say it in two is asked group by group. Of a group that fails, what was known before stays known.
 */
export async function discover(caller: Caller, before?: Discovery): Promise<Discovery> {
  const parts = await Promise.all(roots.map((root, index) => discoverPart(caller, root, before?.parts[index])));
  const failedGroups = [...new Set(parts.flatMap(({ discovered }) => discovered.failedGroups))];
  const kinds = parts.flatMap(({ discovered }) => discovered.kinds);
  const known = new Set(kinds.map(({ group }) => group));
  const kept = (before?.table.all ?? []).filter(({ group }) => failedGroups.includes(group) && !known.has(group));
  return { table: new KindTable({ all: [...kinds, ...kept], failedGroups }), parts };
}

async function discoverPart(caller: Caller, root: string, before: Part | undefined): Promise<Part> {
  const call = discoveryCall(root, {
    accept: `${aggregated},application/json`,
    ...(before?.etag && { 'if-none-match': before.etag }),
  });
  const answer = await caller.send(call);
  if (answer.status === 304 && before) return before;
  if (!isSuccess(answer)) throw faultOf(call, answer);
  if (answer.headers['content-type']?.includes('apidiscovery.k8s.io')) {
    return { discovered: readAggregated(readJson(call, answer) as AggregatedList), etag: answer.headers['etag'] };
  }
  return { discovered: await discoverGroupwise(caller, groupVersionsOf(root, call, answer)), etag: undefined };
}

function groupVersionsOf(root: string, call: Call, answer: Answer): GroupVersion[] {
  if (root === '/apis') return readGroups(readJson(call, answer) as GroupList);
  const { versions = [] } = readJson(call, answer) as { versions?: string[] };
  return versions.map((version) => ({ group: '', version }));
}

async function discoverGroupwise(caller: Caller, groupVersions: readonly GroupVersion[]): Promise<Discovered> {
  const failedGroups: string[] = [];
  const kinds = await mapLimited(groupVersions, listsAtOnceMax, async (groupVersion): Promise<KindInfo[]> => {
    const { group, version } = groupVersion;
    const call = discoveryCall(group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
    try {
      return readResources(groupVersion, readJson(call, await caller.demand(call)) as ResourceList);
    } catch {
      // The server behind one group is down or speaks nonsense; that must not hide all the others.
      failedGroups.push(group);
      return [];
    }
  });
  return { kinds: kinds.flat(), failedGroups };
}

function discoveryCall(path: string, headers: Record<string, string> = { accept: 'application/json' }): Call {
  return { verb: 'discover', subject: path, request: { method: 'GET', path, headers } };
}
