import { cases } from '../conformance-case.ts';
import type { WatchEvent } from '../conformance-api.ts';
import { same } from '../expectations.ts';
import { configMap, type Scene } from '../scene.ts';

/** What an event says, in short. */
function shortly({ type, object }: WatchEvent): string {
  const { name = '' } = object['metadata'] as { name?: string };
  const value = (object['data'] as { x?: string } | undefined)?.x;
  return [type, name, value].filter(Boolean).join(' ');
}

/** The path of a watch on the namespace's config maps from now on. */
async function fromNow(scene: Scene, query = ''): Promise<string> {
  const { body } = await scene.get(scene.path('configmaps'));
  return `${scene.path('configmaps')}?watch=true&timeoutSeconds=30&resourceVersion=${body.metadata.resourceVersion}${query}`;
}

async function shortEvents(scene: Scene, path: string, count: number): Promise<readonly string[]> {
  return (await scene.events(path, count)).map(shortly);
}

export const watchingCases = cases('watching', {
  'tells what happened since a version': async (scene) => {
    const path = await fromNow(scene);
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } });
    await scene.delete(scene.path('configmaps', 'a'));
    same(await shortEvents(scene, path, 3), ['ADDED a 1', 'MODIFIED a 2', 'DELETED a 2']);
  },

  'tells what happens while it is open': async (scene) => {
    const path = await fromNow(scene);
    const events = shortEvents(scene, path, 2);
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.create('configmaps', configMap('b', { x: '1' }));
    same(await events, ['ADDED a 1', 'ADDED b 1']);
  },

  'shows a deleted object at the version of its deletion': async (scene) => {
    const created = await scene.create('configmaps', configMap('a'));
    const path = await fromNow(scene);
    await scene.delete(scene.path('configmaps', 'a'));
    const [event] = await scene.events(path, 1);
    const { uid, resourceVersion } = event!.object['metadata'] as { uid: string; resourceVersion: string };
    same(uid, created.body.metadata.uid);
    same(Number(resourceVersion) > Number(created.body.metadata.resourceVersion), true);
  },

  'begins with what is there when no version is named': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.create('configmaps', configMap('b', { x: '1' }));
    const events = shortEvents(scene, `${scene.path('configmaps')}?watch=true&timeoutSeconds=30`, 3);
    await scene.create('configmaps', configMap('c', { x: '1' }));
    same((await events).toSorted(), ['ADDED a 1', 'ADDED b 1', 'ADDED c 1']);
  },

  'ends by itself in its time': async (scene) => {
    const path = (await fromNow(scene)).replace('timeoutSeconds=30', 'timeoutSeconds=1');
    same(await scene.events(path, 1), []);
  },

  'looks like adding and deleting when an object begins and ceases to match': async (scene) => {
    const label = (value: string) => ({ metadata: { labels: { colour: value } } });
    const path = await fromNow(scene, '&labelSelector=colour%3Dred');
    const a = scene.path('configmaps', 'a');
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.patch(a, 'merge', label('red'));
    await scene.patch(a, 'merge', { data: { x: '2' } });
    await scene.patch(a, 'merge', { ...label('blue'), data: { x: '3' } });
    await scene.patch(a, 'merge', label('red'));
    const events = await scene.events(path, 4);
    same(events.map(shortly), ['ADDED a 1', 'MODIFIED a 2', 'DELETED a 2', 'ADDED a 3']);
    same((events[2]!.object['metadata'] as { labels: object }).labels, { colour: 'red' });
  },

  'follows one object by its name': async (scene) => {
    const path = await fromNow(scene, '&fieldSelector=metadata.name%3Db');
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.create('configmaps', configMap('b', { x: '1' }));
    same(await shortEvents(scene, path, 1), ['ADDED b 1']);
  },

  'says nothing of a write that changes nothing': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }));
    const path = await fromNow(scene);
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '1' } });
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } });
    same(await shortEvents(scene, path, 1), ['MODIFIED a 2']);
  },

  'shows the metadata alone to those who ask for it': async (scene) => {
    const path = await fromNow(scene);
    await scene.create('configmaps', configMap('a', { x: '1' }));
    const headers = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
    const [event] = await scene.events(path, 1, headers);
    same([event!.type, event!.object['kind']], ['ADDED', 'PartialObjectMetadata']);
    same(Object.keys(event!.object).toSorted(), ['apiVersion', 'kind', 'metadata']);
  },

  'marks the end of what was there with a bookmark': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.caughtUp('configmaps');
    const query = 'watch=true&timeoutSeconds=30&allowWatchBookmarks=true&resourceVersion=0';
    const events = await scene.events(`${scene.path('configmaps')}?${query}`, 2);
    same(
      events.map(({ type }) => type),
      ['ADDED', 'BOOKMARK'],
    );
    const { annotations } = events[1]!.object['metadata'] as { annotations: object };
    same(annotations, { 'k8s.io/initial-events-end': 'true' });
  },

  'works on a path of its own too': async (scene) => {
    const { body } = await scene.get(scene.path('configmaps'));
    await scene.create('configmaps', configMap('a', { x: '1' }));
    const path = scene.path('configmaps').replace('/api/v1/', '/api/v1/watch/');
    const query = `timeoutSeconds=30&resourceVersion=${body.metadata.resourceVersion}`;
    same(await shortEvents(scene, `${path}?${query}`, 1), ['ADDED a 1']);
  },
});
