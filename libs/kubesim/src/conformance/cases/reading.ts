import { cases } from '../conformance-case.ts';
import { refusal, same } from '../expectations.ts';
import { configMap, type Answer, type Scene } from '../scene.ts';

const metadataOnly = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
const metadataList = { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' };

function names({ body }: Answer): readonly string[] {
  return body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
}

/** Config maps in several colours and sizes. */
async function fill(scene: Scene): Promise<void> {
  const labels = { a: { colour: 'red', size: '1' }, b: { colour: 'blue', size: '2' }, c: { colour: 'red' }, d: {} };
  for (const [name, its] of Object.entries(labels)) {
    await scene.create('configmaps', configMap(name, { x: name }, { labels: its }));
  }
}

function pod(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'nginx' }] },
  };
}

export const readingCases = cases('reading', {
  'gets one object': async (scene) => {
    const created = await scene.create('configmaps', configMap('a', { x: '1' }));
    const { status, body } = await scene.get(scene.path('configmaps', 'a'));
    same([status, body], [200, created.body]);
  },

  'does not find what is not there': async (scene) => {
    const { status, body } = await scene.get(scene.path('deployments', 'a'));
    same(status, 404);
    same(body, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "a" not found',
      reason: 'NotFound',
      details: { name: 'a', group: 'apps', kind: 'deployments' },
      code: 404,
    });
  },

  'gets the metadata alone': async (scene) => {
    const created = await scene.create('configmaps', configMap('a', { x: '1' }, { labels: { l: '1' } }));
    const { body } = await scene.get(scene.path('configmaps', 'a'), metadataOnly);
    same(body, { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: created.body.metadata });
  },

  'lists in the order of names, at one version': async (scene) => {
    await fill(scene);
    const answer = await scene.get(scene.path('configmaps'));
    same([answer.body.kind, answer.body.apiVersion], ['ConfigMapList', 'v1']);
    same(names(answer), ['a', 'b', 'c', 'd']);
    const latest = answer.body.items.at(-1).metadata.resourceVersion;
    same(Number(answer.body.metadata.resourceVersion) >= Number(latest), true);
    same(answer.body.items[0].kind, undefined);
  },

  'lists nothing as an empty list': async (scene) => {
    same((await scene.get(scene.path('secrets'))).body.items, []);
    same((await scene.get('/api/v1/namespaces/no-such-namespace/secrets')).status, 200);
  },

  'lists the metadata alone': async (scene) => {
    await fill(scene);
    const answer = await scene.get(scene.path('configmaps'), metadataList);
    same(answer.body.kind, 'PartialObjectMetadataList');
    same(names(answer), ['a', 'b', 'c', 'd']);
    same(Object.keys(answer.body.items[0]).toSorted(), ['apiVersion', 'kind', 'metadata']);
  },

  'refuses to answer in a form that it does not have': async (scene) => {
    same((await scene.get(scene.path('configmaps'), { accept: 'application/x-unknown' })).status, 406);
  },

  'lists page by page, and tells how many are left': async (scene) => {
    await fill(scene);
    const first = await scene.get(`${scene.path('configmaps')}?limit=3`);
    same([names(first), first.body.metadata.remainingItemCount], [['a', 'b', 'c'], 1]);
    const next = encodeURIComponent(first.body.metadata.continue);
    const second = await scene.get(`${scene.path('configmaps')}?limit=3&continue=${next}`);
    same([names(second), second.body.metadata.remainingItemCount], [['d'], undefined]);
    same(second.body.metadata.continue, undefined);
    same(second.body.metadata.resourceVersion, first.body.metadata.resourceVersion);
  },

  'shows on later pages what was there at the time of the first': async (scene) => {
    await fill(scene);
    const first = await scene.get(`${scene.path('configmaps')}?limit=2`);
    await scene.delete(scene.path('configmaps', 'c'));
    await scene.create('configmaps', configMap('e'));
    const next = encodeURIComponent(first.body.metadata.continue);
    same(names(await scene.get(`${scene.path('configmaps')}?limit=9&continue=${next}`)), ['c', 'd']);
  },

  'refuses a page that it never gave out': async (scene) => {
    same(refusal(await scene.get(`${scene.path('configmaps')}?limit=2&continue=nonsense`)).slice(0, 2), [
      400,
      'BadRequest',
    ]);
  },

  'refuses a page together with a version': async (scene) => {
    await fill(scene);
    const { body } = await scene.get(`${scene.path('configmaps')}?limit=2`);
    const next = encodeURIComponent(body.metadata.continue);
    const both = `${scene.path('configmaps')}?limit=2&continue=${next}&resourceVersion=5`;
    same(refusal(await scene.get(both)).slice(0, 2), [400, 'BadRequest']);
  },

  'selects by labels': async (scene) => {
    await fill(scene);
    const selected = async (selector: string) =>
      names(await scene.get(`${scene.path('configmaps')}?labelSelector=${encodeURIComponent(selector)}`)).join('');
    same(await selected('colour=red'), 'ac');
    same(await selected('colour!=red'), 'bd');
    same(await selected('colour in (red,blue),size'), 'ab');
    same(await selected('colour notin (red)'), 'bd');
    same(await selected('!colour'), 'd');
    same(await selected('size>1'), 'b');
  },

  'refuses a selector that it cannot read': async (scene) => {
    const labels = await scene.get(`${scene.path('configmaps')}?labelSelector=${encodeURIComponent('a in (b')}`);
    same(refusal(labels).slice(0, 2), [400, 'BadRequest']);
    const fields = await scene.get(`${scene.path('configmaps')}?fieldSelector=nonsense`);
    same(refusal(fields).slice(0, 2), [400, 'BadRequest']);
    const unknown = await scene.get(`${scene.path('configmaps')}?fieldSelector=${encodeURIComponent('data.x=a')}`);
    same(refusal(unknown).slice(0, 2), [400, 'BadRequest']);
  },

  'selects by name and namespace': async (scene) => {
    await fill(scene);
    same(names(await scene.get(`${scene.path('configmaps')}?fieldSelector=metadata.name%3Db`)), ['b']);
    same(names(await scene.get(`${scene.path('configmaps')}?fieldSelector=metadata.name!%3Db`)), ['a', 'c', 'd']);
    const everywhere = `/api/v1/configmaps?fieldSelector=metadata.namespace%3D${scene.namespace},metadata.name%3Da`;
    same(names(await scene.get(everywhere)), ['a']);
  },

  'selects pods by phase, node and restart policy': async (scene) => {
    await scene.create('pods', pod('a') as never);
    await scene.create('pods', pod('b') as never);
    await scene.patch(scene.path('pods', 'b', 'status'), 'merge', { status: { phase: 'Running' } });
    const selected = async (selector: string) =>
      names(await scene.get(`${scene.path('pods')}?fieldSelector=${encodeURIComponent(selector)}`)).join('');
    same(await selected('status.phase=Running'), 'b');
    same(await selected('status.phase!=Running'), 'a');
    same(await selected('spec.nodeName='), 'ab');
    same(await selected('spec.restartPolicy=Always,metadata.name=a'), 'a');
  },

  'selects events by what they are about': async (scene) => {
    const event = (name: string, about: string) => ({
      metadata: { name },
      involvedObject: { kind: 'Pod', name: about, namespace: scene.namespace },
      type: 'Warning',
      reason: 'BackOff',
    });
    await scene.create('events', event('one', 'a'));
    await scene.create('events', event('two', 'b'));
    const selector = encodeURIComponent('involvedObject.name=b,involvedObject.kind=Pod,type=Warning,reason=BackOff');
    same(names(await scene.get(`${scene.path('events')}?fieldSelector=${selector}`)), ['two']);
  },

  'gives the whole list when any version will do': async (scene) => {
    await fill(scene);
    await scene.caughtUp('configmaps');
    const answer = await scene.get(`${scene.path('configmaps')}?resourceVersion=0&limit=1`);
    same(names(answer), ['a', 'b', 'c', 'd']);
  },

  'lists exactly what was there at a version': async (scene) => {
    await fill(scene);
    const { body } = await scene.get(scene.path('configmaps'));
    await scene.create('configmaps', configMap('e'));
    const at = `resourceVersion=${body.metadata.resourceVersion}&resourceVersionMatch=Exact`;
    same(names(await scene.get(`${scene.path('configmaps')}?${at}`)), ['a', 'b', 'c', 'd']);
  },

  'refuses a version that is no number, and a match without a version': async (scene) => {
    same((await scene.get(`${scene.path('configmaps')}?resourceVersion=x`)).status, 400);
    const answer = await scene.get(`${scene.path('configmaps')}?resourceVersionMatch=Exact`);
    same(refusal(answer).slice(0, 2), [422, 'Invalid']);
  },
});
