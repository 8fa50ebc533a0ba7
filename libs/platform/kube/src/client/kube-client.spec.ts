import { describe, expect, it } from 'vitest';
import type { KubeObject } from '@flotilla/model';
import { scriptedClient } from '../testing/index.ts';

const path = '/api/v1/namespaces/shop/configmaps/a';
const key = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };

function configMap(more: object = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop', ...more } };
}

function failure(status: number, more: object) {
  return { status, json: { kind: 'Status', status: 'Failure', code: status, ...more } };
}

const missing = failure(404, { message: 'configmaps "a" not found', details: { name: 'a', kind: 'configmaps' } });
const pathMissing = failure(404, { message: 'the server could not find the requested resource', details: {} });

function conflicting(message: string, field: string) {
  return { reason: 'FieldManagerConflict', message, field };
}

function preconditionFailed(message: string) {
  return failure(409, { reason: 'Conflict', message });
}

function item(name: string) {
  return { metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1' } };
}

function page(names: string[], token = '') {
  return { json: { metadata: { resourceVersion: '9', continue: token }, items: names.map(item) } };
}

function namesOf(items: readonly KubeObject[]) {
  return items.map(({ metadata }) => metadata.name);
}

describe('reading an object', () => {
  it('gives the object, or undefined when it is not there', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${path}`, [{ json: configMap() }, missing]);
    expect(await client.get(key)).toEqual(configMap());
    expect(await client.get(key)).toBeUndefined();
  });

  it('does not take a vanished kind for a missing object', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${path}`, [pathMissing]);
    await expect(client.get(key)).rejects.toMatchObject({ reason: 'KindUnknown', consequence: { kind: 'wait' } });
  });

  it('asks for metadata alone when no more is wanted, and gives it back under its own kind', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${path}`, [
      { json: { ...configMap(), apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' } },
    ]);
    expect(await client.get(key, { metadataOnly: true })).toEqual(configMap());
    expect(transport.requests.at(-1)?.headers['accept']).toMatch(/as=PartialObjectMetadata;/);
  });

  it('reads a part of an object as text', async () => {
    const { transport, client } = scriptedClient();
    transport.on('GET /api/v1/namespaces/shop/pods/a/log', [{ text: 'line one\n' }]);
    const pod = { group: '', kind: 'Pod', namespace: 'shop', name: 'a' };
    expect(await client.text(pod, { subresource: 'log', query: { tailLines: '1' } })).toBe('line one\n');
    expect(transport.seen.at(-1)).toBe('GET /api/v1/namespaces/shop/pods/a/log?tailLines=1');
  });

  it.each([
    ['', 'NameInvalid'],
    ['..', 'NameInvalid'],
    ['a/b', 'NameInvalid'],
    ['a%2fb', 'NameInvalid'],
  ])('never turns the name `%s` into another path', async (name, reason) => {
    const { client } = scriptedClient();
    await expect(client.get({ ...key, name })).rejects.toMatchObject({ reason });
    await expect(client.delete({ ...key, name }, { propagation: 'Background' })).rejects.toMatchObject({ reason });
  });

  it('asks for the namespace that a namespaced kind needs', async () => {
    const { client } = scriptedClient();
    const nowhere = { group: '', kind: 'ConfigMap', name: 'a' };
    await expect(client.get(nowhere)).rejects.toMatchObject({ reason: 'NamespaceRequired', subject: 'ConfigMap a' });
  });
});

describe('server-side apply', () => {
  it('sends the object with its manager, and is strict about fields', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`PATCH ${path}`, [{ json: configMap({ uid: '1' }) }]);
    const applied = await client.apply(configMap(), { manager: 'flotilla', force: true, dryRun: true });
    expect(applied).toEqual({ kind: 'applied', object: configMap({ uid: '1' }), warnings: [] });
    const { query, headers, body } = transport.requests.at(-1)!;
    expect(Object.fromEntries(query)).toEqual({
      fieldManager: 'flotilla',
      fieldValidation: 'Strict',
      force: 'true',
      dryRun: 'All',
    });
    expect([headers['content-type'], JSON.parse(body!)]).toEqual(['application/apply-patch+yaml', configMap()]);
  });

  it('reads who holds which field', async () => {
    const { transport, client } = scriptedClient();
    const causes = [
      conflicting('conflict with "kubectl-edit" using apps/v1 at 2026-01-01T00:00:00Z', '.spec.replicas'),
      conflicting('conflict with "a \\"quoted\\" one" with subresource "status" using v1', '.data.x'),
    ];
    transport.on(`PATCH ${path}`, [failure(409, { reason: 'Conflict', details: { causes } })]);
    expect(await client.apply(configMap(), { manager: 'flotilla', force: false })).toEqual({
      kind: 'conflicts',
      conflicts: [
        { field: '.spec.replicas', manager: 'kubectl-edit' },
        { field: '.data.x', manager: 'a "quoted" one' },
      ],
    });
  });

  it('does not take another 409 for a conflict of fields', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`PATCH ${path}`, [failure(409, { reason: 'Conflict', message: 'the object has been modified' })]);
    const work = client.apply(configMap(), { manager: 'flotilla', force: false });
    await expect(work).rejects.toMatchObject({ reason: 'ObjectChanged', consequence: { kind: 'retry' } });
  });

  it('refuses what JSON cannot hold', async () => {
    const { client } = scriptedClient();
    const work = client.apply({ ...configMap(), data: { x: 1n } }, { manager: 'flotilla', force: false });
    await expect(work).rejects.toMatchObject({ reason: 'ObjectInvalid', subject: 'ConfigMap shop/a' });
  });

  it('can be done as somebody else', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`PATCH ${path}`, [{ json: configMap() }]);
    const team = client.as({ user: 'system:serviceaccount:shop:deployer' });
    await team.apply(configMap(), { manager: 'flotilla', force: false });
    expect(transport.requests.at(-1)?.headers['impersonate-user']).toBe('system:serviceaccount:shop:deployer');
    expect(() => client.as({ user: '' })).toThrow(expect.objectContaining({ reason: 'IdentityRefused' }));
  });
});

describe('other writes', () => {
  it('creates, and says when the name is taken', async () => {
    const { transport, client } = scriptedClient();
    transport.on('POST /api/v1/namespaces/shop/configmaps', [
      { status: 201, json: configMap({ uid: '1' }) },
      failure(409, { reason: 'AlreadyExists', message: 'configmaps "a" already exists' }),
      failure(409, { reason: 'AlreadyExists', message: 'object is being deleted: configmaps "a" already exists' }),
    ]);
    const create = () => client.create(configMap(), { manager: 'flotilla' });
    expect(await create()).toEqual({ kind: 'created', object: configMap({ uid: '1' }) });
    expect(await create()).toEqual({ kind: 'exists' });
    await expect(create()).rejects.toMatchObject({ reason: 'ObjectTerminating', consequence: { kind: 'retry' } });
  });

  it('replaces only what nobody has changed since', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`PUT ${path}`, [
      { json: configMap({ resourceVersion: '6' }) },
      failure(409, { reason: 'Conflict', message: 'the object has been modified' }),
      missing,
    ]);
    const replace = (more: object) => client.replace(configMap(more), { manager: 'flotilla' });
    expect(await replace({ resourceVersion: '5' })).toEqual({
      kind: 'replaced',
      object: configMap({ resourceVersion: '6' }),
    });
    expect(await replace({ resourceVersion: '5' })).toEqual({ kind: 'conflict' });
    expect(await replace({ resourceVersion: '5' })).toEqual({ kind: 'absent' });
    await expect(replace({})).rejects.toMatchObject({ reason: 'ResourceVersionRequired' });
  });

  it('patches single fields, also of a subresource', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`PATCH ${path}/status`, [{ json: configMap() }, missing]);
    const patch = () => client.mergePatch(key, { data: { x: null } }, { manager: 'flotilla', subresource: 'status' });
    expect(await patch()).toEqual(configMap());
    expect(await patch()).toBeUndefined();
    const { headers, body } = transport.requests.at(-1)!;
    expect([headers['content-type'], body]).toEqual(['application/merge-patch+json', '{"data":{"x":null}}']);
  });
});

describe('deleting an object', () => {
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };

  it.each([
    ['deleted', { json: { kind: 'Status', status: 'Success' } }],
    ['pending', { json: configMap({ ...going, finalizers: ['foregroundDeletion'] }) }],
    ['pending', { json: { ...configMap({ ...going, deletionGracePeriodSeconds: 30 }), kind: 'Pod' } }],
    ['pending', { json: { ...configMap(going), kind: 'Namespace' } }],
    ['deleted', { json: { ...configMap({ ...going, deletionGracePeriodSeconds: 0 }), kind: 'Pod' } }],
    ['deleted', { json: { ...configMap(), kind: 'Service' } }],
    ['absent', missing],
    ['replaced', preconditionFailed('the UID in the precondition (1) does not match the UID in record (2)')],
    ['replaced', preconditionFailed('Precondition failed: UID in precondition: 1, UID in object meta: 2')],
  ])('is %s', async (deletion, answer) => {
    const { transport, client } = scriptedClient();
    transport.on(`DELETE ${path}`, [answer]);
    expect(await client.delete(key, { uid: '1', propagation: 'Background' })).toBe(deletion);
  });

  it('is a fault when the object has changed since it was looked at', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`DELETE ${path}`, [
      preconditionFailed(
        'the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (2)',
      ),
    ]);
    const work = client.delete(key, { resourceVersion: '1', propagation: 'Background' });
    await expect(work).rejects.toMatchObject({ reason: 'ObjectChanged', consequence: { kind: 'retry' } });
  });

  it('sends its conditions', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`DELETE ${path}`, [missing]);
    await client.delete(key, { uid: '1', resourceVersion: '5', propagation: 'Foreground', dryRun: true });
    expect(JSON.parse(transport.requests.at(-1)!.body!)).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      preconditions: { uid: '1', resourceVersion: '5' },
      dryRun: ['All'],
    });
  });

  it('keeps an empty uid as a condition, which then fails', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`DELETE ${path}`, [missing]);
    await client.delete(key, { uid: '', propagation: 'Background' });
    expect(JSON.parse(transport.requests.at(-1)!.body!)).toMatchObject({ preconditions: { uid: '' } });
  });

  it('does not believe that the object is gone because its path is', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`DELETE ${path}`, [pathMissing]);
    await expect(client.delete(key, { propagation: 'Background' })).rejects.toMatchObject({ reason: 'KindUnknown' });
  });
});

describe('listing a kind', () => {
  const collection = '/api/v1/namespaces/shop/configmaps';
  const kind = { group: '', kind: 'ConfigMap' };

  it('walks through its pages and gives every item its kind', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${collection}`, [page(['a', 'b'], 'more'), page(['c'])]);
    const { items, resourceVersion } = await client.list(kind, { namespace: 'shop', limit: 2, labelSelector: 'x=y' });
    expect(items).toEqual(['a', 'b', 'c'].map((name) => ({ ...item(name), apiVersion: 'v1', kind: 'ConfigMap' })));
    expect(resourceVersion).toBe('9');
    expect(transport.seen.slice(2)).toEqual([
      `GET ${collection}?labelSelector=x%3Dy&limit=2`,
      `GET ${collection}?labelSelector=x%3Dy&limit=2&continue=more`,
    ]);
  });

  it('begins anew when the server has forgotten the list half-way', async () => {
    const { transport, client } = scriptedClient();
    const expired = failure(410, { reason: 'Expired', message: 'too old' });
    transport.on(`GET ${collection}`, [page(['a', 'gone'], 'more'), expired, page(['a'], 'again'), page(['b'])]);
    const { items } = await client.list(kind, { namespace: 'shop' });
    expect(namesOf(items)).toEqual(['a', 'b']);
  });

  it('does not begin anew for ever', async () => {
    const { transport, client } = scriptedClient();
    transport.on(`GET ${collection}`, [failure(410, { reason: 'Expired', message: 'too old' })]);
    await expect(client.list(kind, { namespace: 'shop' })).rejects.toMatchObject({ reason: 'ResourceExpired' });
  });

  it('asks for smaller pages when one is too large to be read', async () => {
    const { transport, client } = scriptedClient({ answerBytesMax: 2_000 });
    const all = Array.from({ length: 40 }, (_, index) => `object-${index}`);
    transport.on(`GET ${collection}`, ({ query }) => {
      const from = Number(query.get('continue') ?? 0);
      const end = from + Number(query.get('limit'));
      return page(all.slice(from, end), end < all.length ? String(end) : '');
    });
    expect(namesOf((await client.list(kind, { namespace: 'shop' })).items)).toEqual(all);
  });

  it('leaves out what has no name', async () => {
    const { transport, client } = scriptedClient();
    const items = [item('a'), null, {}, { metadata: { name: '' } }, 'text', item('b')];
    transport.on(`GET ${collection}`, [{ json: { metadata: { resourceVersion: '9' }, items } }]);
    expect(namesOf((await client.list(kind, { namespace: 'shop' })).items)).toEqual(['a', 'b']);
  });
});

it('tells the version of the server', async () => {
  const { transport, client } = scriptedClient();
  const version = { major: '1', minor: '34', gitVersion: 'v1.34.4', platform: 'linux/amd64' };
  transport.on('GET /version', [{ json: { ...version, goVersion: 'go1.26' } }]);
  expect(await client.version()).toEqual(version);
});
