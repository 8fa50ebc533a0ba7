import { describe, expect, it } from 'vitest';
import type { Call } from './answer.ts';
import { faultOf } from './kube-fault.ts';

const call: Call = {
  verb: 'apply',
  subject: 'Deployment shop/checkout',
  request: { method: 'PATCH', path: '/apis/apps/v1/namespaces/shop/deployments/checkout' },
};

function status(message: string, more: object = {}): string {
  return JSON.stringify({ kind: 'Status', status: 'Failure', message, ...more });
}

const named = { details: { name: 'checkout', kind: 'deployments' } };

describe('a refusal of the API server', () => {
  // Messages as kube-apiserver 1.34 writes them.
  it.each<[number, string, string, string, string]>([
    [401, status('Unauthorized'), 'unauthenticated', 'Unauthenticated', 'retry'],
    ...[
      'Deployment.apps "checkout" is invalid: spec.selector: Invalid value: {"matchLabels":{"a":"b"}}: field is immutable',
      'StatefulSet.apps "a" is invalid: spec: Forbidden: updates to statefulset spec for fields other than \'replicas\' are forbidden',
      'Service "a" is invalid: spec.clusterIPs[0]: Invalid value: ["10.0.0.1"]: may not change once set',
      'RoleBinding.rbac.authorization.k8s.io "a" is invalid: roleRef: Invalid value: {}: cannot change roleRef',
      'ConfigMap "a" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    ].map((message): [number, string, string, string, string] => [
      422,
      status(message, named),
      'invalid',
      'FieldImmutable',
      'stall',
    ]),
    [
      400,
      status('admission webhook "a.example.org" does not support dry run'),
      'unavailable',
      'DryRunUnsupported',
      'retry',
    ],
    [
      403,
      status(
        'deployments.apps "checkout" is forbidden: User "jane" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
        named,
      ),
      'forbidden',
      'Forbidden',
      'stall',
    ],
    [
      403,
      status('roles "a" is forbidden: user "jane" is attempting to grant RBAC permissions not currently held', named),
      'forbidden',
      'Forbidden',
      'stall',
    ],
    [
      403,
      status('unable to create new content in namespace shop because it is being terminated', {
        details: { name: 'a', causes: [{ reason: 'NamespaceTerminating' }] },
      }),
      'conflict',
      'NamespaceTerminating',
      'retry',
    ],
    [
      403,
      status('pods "a" is forbidden: exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1', named),
      'too-many',
      'QuotaExceeded',
      'retry',
    ],
    [
      403,
      status('configmaps "a" is forbidden: not yet ready to handle request', named),
      'unavailable',
      'ApiServerUnavailable',
      'retry',
    ],
    [
      403,
      status('pods "a" is forbidden: violates PodSecurity "restricted:latest": privileged', named),
      'forbidden',
      'AdmissionDenied',
      'stall',
    ],
    [
      400,
      status('admission webhook "policy.example.org" denied the request: no'),
      'forbidden',
      'AdmissionDenied',
      'stall',
    ],
    [
      422,
      status(
        "deployments.apps \"checkout\" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: too many",
      ),
      'forbidden',
      'AdmissionDenied',
      'stall',
    ],
    [
      404,
      status('namespaces "shop" not found', { details: { name: 'shop', kind: 'namespaces' } }),
      'not-found',
      'NamespaceMissing',
      'retry',
    ],
    [
      404,
      status('the server could not find the requested resource', { details: {} }),
      'not-found',
      'KindUnknown',
      'wait',
    ],
    [404, '404 page not found\n', 'not-found', 'KindUnknown', 'wait'],
    [404, status('deployments.apps "checkout" not found', named), 'not-found', 'ObjectMissing', 'retry'],
    [
      405,
      status('the server does not allow this method on the requested resource'),
      'invalid',
      'VerbNotServed',
      'stall',
    ],
    [
      409,
      status('object is being deleted: pods "a" already exists', { reason: 'AlreadyExists' }),
      'conflict',
      'ObjectTerminating',
      'retry',
    ],
    [409, status('pods "a" already exists', { reason: 'AlreadyExists' }), 'conflict', 'ObjectExists', 'retry'],
    [
      409,
      status('Operation cannot be fulfilled on configmaps "a": the object has been modified', { reason: 'Conflict' }),
      'conflict',
      'ObjectChanged',
      'retry',
    ],
    [
      422,
      status('ConfigMap "a" is invalid: metadata.uid: Invalid value: field is immutable', {
        reason: 'Invalid',
        details: { causes: [{ reason: 'FieldValueInvalid', field: 'metadata.uid' }] },
      }),
      'conflict',
      'ObjectChanged',
      'retry',
    ],
    [
      410,
      status('The provided continue parameter is too old', { reason: 'Expired' }),
      'conflict',
      'ResourceExpired',
      'retry',
    ],
    [413, status('Request entity too large: limit is 3145728'), 'too-large', 'ObjectTooLarge', 'stall'],
    [500, status('etcdserver: request is too large'), 'too-large', 'ObjectTooLarge', 'stall'],
    [
      422,
      status('Deployment.apps "checkout" is invalid: spec.selector: Required value'),
      'invalid',
      'ObjectInvalid',
      'stall',
    ],
    [400, status('strict decoding error: unknown field "spec.replicaz"'), 'invalid', 'ObjectInvalid', 'stall'],
    [
      500,
      status(
        'failed to create typed patch object (shop/checkout; apps/v1, Kind=Deployment): .spec.replicaz: field not declared in schema',
      ),
      'invalid',
      'ObjectInvalid',
      'stall',
    ],
    [
      500,
      status(
        'Internal error occurred: failed calling webhook "mutate.example.org": failed to call webhook: Post "https://a": connection refused',
      ),
      'unavailable',
      'WebhookFailed',
      'retry',
    ],
    [
      500,
      status('conversion webhook for example.org/v1, Kind=Shop failed: no endpoints'),
      'unavailable',
      'WebhookFailed',
      'retry',
    ],
    [429, status('too many requests, please try again later'), 'too-many', 'TooManyRequests', 'retry'],
    [500, status('etcdserver: leader changed'), 'internal', 'ApiServerFailed', 'retry'],
    [503, 'upstream connect error', 'unavailable', 'ApiServerUnavailable', 'retry'],
    [
      504,
      status('Timeout: request did not complete within the allotted timeout'),
      'timeout',
      'ApiServerSilent',
      'retry',
    ],
    [302, '', 'internal', 'ApiServerFailed', 'retry'],
  ])('%i %s is %s %s: %s', (http, text, ...expected) => {
    const fault = faultOf(call, { status: http, headers: {}, text });
    expect([fault.code, fault.reason, fault.consequence.kind]).toEqual(expected);
  });

  it('names verb and object, and repeats the causes that the server gives', () => {
    const text = status('Deployment.apps "checkout" is invalid: spec.selector: Required value', { reason: 'Invalid' });
    expect(faultOf(call, { status: 422, headers: {}, text })).toMatchObject({
      subject: 'Deployment shop/checkout',
      message: 'apply Deployment shop/checkout: Deployment.apps "checkout" is invalid: spec.selector: Required value',
    });
  });

  it('hands on when the server wants to be asked again', () => {
    const fault = faultOf(call, { status: 503, headers: { 'retry-after': '7' }, text: '' });
    expect(fault.consequence).toEqual({ kind: 'retry', afterMs: 7_000 });
  });

  it('keeps back every word about a Secret, because the server quotes what it refuses', () => {
    const causes = [{ field: 'data[token]', message: 'Invalid value: "hunter2"' }];
    const text = status('Secret "a" is invalid: data[token]: Invalid value: "hunter2"', {
      reason: 'Invalid',
      details: { causes },
    });
    const { message, reason } = faultOf(
      { ...call, subject: 'Secret shop/a', secret: true },
      { status: 422, headers: {}, text },
    );
    expect(reason).toBe('ObjectInvalid');
    expect(message).toBe(
      'apply Secret shop/a: the API server answered 422 Invalid at data[token]; its words are kept back because they may quote secret values',
    );
  });

  it('cuts words that have no end', () => {
    expect(faultOf(call, { status: 500, headers: {}, text: 'x'.repeat(100_000) }).message.length).toBeLessThan(2_100);
  });
});
