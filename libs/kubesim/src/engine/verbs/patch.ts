import { notFound, unsupportedMediaType } from '../../problems/status-fault.ts';
import type { Cluster } from '../cluster.ts';
import { negotiateForm } from '../negotiate.ts';
import { readWriteOptions } from '../read-options.ts';
import { represent } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { alignNamespace } from '../write/create-object.ts';
import { keyOfWrite, writeContext } from '../write/write-context.ts';
import { apply } from './apply.ts';
import { patchedObject } from './patched-object.ts';
import { checkName, replaceExisting } from './replace.ts';
import { patchScale } from './write-scale.ts';

/** Patches an object in one of the four ways that the content type names. */
export function patch(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, headers } = request;
  const contentType = (headers['content-type'] ?? '').split(';')[0]!.trim();
  const allowed = patchTypes(resource.isCustom);
  if (!allowed.includes(contentType)) throw unsupportedPatch(resource.isCustom, allowed);
  const form = negotiateForm(headers['accept'], 'single');
  const options = readWriteOptions('PatchOptions', request.query, contentType);
  if (request.subresource === 'scale') return patchScale(cluster, request, { options, contentType });
  const context = writeContext(cluster, request, options);
  if (contentType === 'application/apply-patch+yaml') {
    const { object, isNew } = apply(context, request, options);
    return { status: isNew ? 201 : 200, body: represent(object, form, resource) };
  }
  const existing = cluster.store(resource).get(keyOfWrite(context));
  if (!existing) throw notFound(resource, request.name);
  const draft = patchedObject({ request, options, contentType, existing });
  alignNamespace(context, draft['metadata']);
  checkName(context, draft['metadata']);
  return { status: 200, body: represent(replaceExisting(context, draft, existing), form, resource) };
}

/** Custom resources are served by another part of the server, which words it otherwise. */
function unsupportedPatch(isCustom: boolean, allowed: readonly string[]): Error {
  if (!isCustom) return unsupportedMediaType('415: Unsupported Media Type', {});
  return unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${allowed.join(', ')}`,
  );
}

function patchTypes(isCustom: boolean): readonly string[] {
  const types = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];
  return isCustom ? types : [...types, 'application/strategic-merge-patch+json'];
}
