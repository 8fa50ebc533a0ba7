import { seededRandom } from '@flotilla/foundation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManagedCluster } from './managed-cluster.ts';
import { aggregated, kind, scriptedClient, ScriptedStream } from './testing/index.ts';

const path = '/api/v1/namespaces/shop/configmaps/a';
const key = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
const object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop', uid: '1', resourceVersion: '5' },
};

function managed() {
  const { client, clock, transport } = scriptedClient();
  const cluster = new ManagedCluster({ client, manager: 'flotilla', clock, random: seededRandom(1) });
  return { cluster, clock, transport };
}

function conflict(reason: string) {
  return { status: 409, json: { kind: 'Status', reason, message: `${reason} "a"` } };
}

describe('a cluster under one field manager', () => {
  it('writes everything in its name', async () => {
    const { cluster, transport } = managed();
    transport.on(`PATCH ${path}`, [{ json: object }]).on('POST /api/v1/namespaces/shop/configmaps', [{ json: object }]);
    await cluster.apply(object, { force: false });
    await cluster.create(object);
    await cluster.mergePatch(key, {});
    const writes = transport.requests.filter(({ method }) => method !== 'GET');
    expect(writes.map(({ query }) => query.get('fieldManager'))).toEqual(['flotilla', 'flotilla', 'flotilla']);
  });

  it('answers an apply in another version than the preferred one as it is read, unless somebody wrote in between', async () => {
    const { cluster, transport } = managed();
    const kinds = [kind('horizontalpodautoscalers', 'HorizontalPodAutoscaler')];
    const versions = ['v2', 'v1'].map((version) => ({ version, freshness: 'Current', resources: kinds }));
    transport.on('GET /apis', [aggregated([{ metadata: { name: 'autoscaling' }, versions }])]);
    const scaler = (version: string, resourceVersion: string) => ({
      apiVersion: `autoscaling/${version}`,
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'a', namespace: 'shop', resourceVersion },
    });
    const place = 'namespaces/shop/horizontalpodautoscalers/a';
    transport
      .on(`PATCH /apis/autoscaling/v1/${place}`, [{ json: scaler('v1', '5') }, { json: scaler('v1', '5') }])
      .on(`GET /apis/autoscaling/v2/${place}`, [{ json: scaler('v2', '5') }, { json: scaler('v2', '6') }]);
    const applied = await cluster.apply(scaler('v1', '5'), { force: false });
    expect(applied).toEqual({ kind: 'applied', object: scaler('v2', '5') });
    await expect(cluster.apply(scaler('v1', '5'), { force: false })).rejects.toMatchObject({ reason: 'ObjectChanged' });
  });

  it('tells what is not there, not there any more, or there already, apart from failures', async () => {
    const { cluster, transport } = managed();
    transport
      .on(`PATCH ${path}`, [conflict('Conflict'), { status: 500, text: 'boom' }])
      .on('POST /api/v1/namespaces/shop/configmaps', [conflict('AlreadyExists')]);
    expect([await cluster.mergePatch(key, {}), await cluster.create(object)]).toEqual([undefined, undefined]);
    await expect(cluster.mergePatch(key, {})).rejects.toMatchObject({ reason: 'ApiServerFailed' });
  });

  it('tells what appeared, changed and went', async () => {
    const { cluster, clock, transport } = managed();
    const stream = new ScriptedStream();
    transport
      .on('GET /api/v1/configmaps', [{ json: { metadata: { resourceVersion: '9' }, items: [object] } }])
      .on('GET /api/v1/configmaps?watch', [{ stream }]);
    const changes: unknown[] = [];
    const watch = cluster.watch({ group: '', kind: 'ConfigMap' }, { onChange: (change) => changes.push(change) });
    onTestFinished(() => watch.stop());
    await clock.advance(0);
    await watch.synced;
    stream.event('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: '10' } });
    await clock.advance(0);
    expect(changes).toEqual([
      { kind: 'present', object },
      { kind: 'relisted', resourceVersion: '9' },
      { kind: 'absent', key },
    ]);
  });
});
