import { StatusFault } from '../problems/status-fault.ts';
import type { SimUser } from '../sim-request.ts';
import type { ResourceRequest } from './resource-request.ts';

/** What a request wants to do, as authorization sees it. */
export interface AccessAttributes {
  readonly user: SimUser;
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

/** Forbids a request by returning true, or the reason to add to the answer. */
export type DenyRule = (attributes: AccessAttributes) => boolean | string | undefined;

/** Authorization turned around: everything is allowed but what a test denies. */
export class Access {
  readonly #rules = new Set<DenyRule>();

  deny(rule: DenyRule): () => void {
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  check(request: ResourceRequest): void {
    const attributes = attributesOf(request);
    for (const rule of this.#rules) {
      const denied = rule(attributes);
      if (denied) throw forbiddenTo(attributes, typeof denied === 'string' ? `: ${denied}` : '');
    }
  }
}

function attributesOf({ user, verb, resource, subresource, namespace, name }: ResourceRequest): AccessAttributes {
  const { group, version, plural } = resource;
  return { user, verb, group, version, resource: plural, subresource, namespace, name };
}

function forbiddenTo(attributes: AccessAttributes, reason: string): StatusFault {
  const { user, verb, group, resource, subresource, namespace, name } = attributes;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const subject = name === '' ? qualified : `${qualified} "${name}"`;
  const wanted = subresource === '' ? resource : `${resource}/${subresource}`;
  const place = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message = `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${wanted}" in API group "${group}" ${place}${reason}`;
  return new StatusFault({ code: 403, reason: 'Forbidden', message, details: { name, group, kind: resource } });
}
