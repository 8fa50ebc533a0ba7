import { objectTitle, type KubeObject, type ObjectKey } from '@flotilla/model';
import type { KindInfo } from '../discovery/kind-table.ts';
import { isSuccess, readJson, type Answer, type Call } from './answer.ts';
import type { Caller } from './caller.ts';
import { faultOf } from './kube-fault.ts';
import { isPathMissing, readStatus } from './kube-status.ts';
import { acceptOf, asObjectOf } from './list-pages.ts';
import { objectPath } from './object-path.ts';

export interface GetOptions {
  readonly version?: string;
  readonly subresource?: string;
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

export interface TextOptions {
  readonly version?: string;
  readonly subresource: string;
  /** Such as `container` and `tailLines` of a log. */
  readonly query?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** What an API server says of itself. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
  readonly platform: string;
}

export async function getVersion(caller: Caller): Promise<ServerVersion> {
  const call: Call = { verb: 'get', subject: '/version', request: { method: 'GET', path: '/version' } };
  const { major, minor, gitVersion, platform } = readJson(call, await caller.demand(call)) as ServerVersion;
  return { major, minor, gitVersion, platform };
}

export async function getObject(
  caller: Caller,
  info: KindInfo,
  key: ObjectKey,
  options: GetOptions,
): Promise<KubeObject | undefined> {
  const accept = acceptOf(options.metadataOnly, 'PartialObjectMetadata');
  const call = getCall(info, key, options, accept);
  const answer = await answerIfThere(caller, call);
  if (!answer) return undefined;
  const object = readJson(call, answer) as KubeObject;
  return options.metadataOnly ? asObjectOf(info, object) : object;
}

export async function getText(
  caller: Caller,
  info: KindInfo,
  key: ObjectKey,
  options: TextOptions,
): Promise<string | undefined> {
  const answer = await answerIfThere(caller, getCall(info, key, options, '*/*'));
  return answer?.text;
}

function getCall(info: KindInfo, key: ObjectKey, options: GetOptions & Partial<TextOptions>, accept: string): Call {
  const { subresource, query, signal } = options;
  return {
    verb: 'get',
    subject: objectTitle(key),
    request: {
      method: 'GET',
      path: objectPath(info, key, subresource),
      headers: { accept },
      ...(query && { query: new URLSearchParams(query) }),
      ...(signal && { signal }),
    },
  };
}

async function answerIfThere(caller: Caller, call: Call): Promise<Answer | undefined> {
  const answer = await caller.send(call);
  if (isSuccess(answer)) return answer;
  if (answer.status === 404 && !isPathMissing(readStatus(answer.text))) return undefined;
  throw faultOf(call, answer);
}
