import type { JsonDraft } from '../../schema/schema-type.ts';
import { cases } from '../conformance-case.ts';
import { owners, refusal, same } from '../expectations.ts';
import { configMap, deployment } from '../scene.ts';

function changed(body: JsonDraft, change: (draft: JsonDraft) => void): JsonDraft {
  const draft = structuredClone(body);
  change(draft);
  return draft;
}

export const replacingCases = cases('replacing', {
  'puts the new in the place of the old': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }, { labels: { l: '1' } }));
    const { status, body } = await scene.replace(scene.path('configmaps', 'a'), configMap('a', { y: '2' }));
    same([status, body.data, body.metadata.labels], [200, { y: '2' }, undefined]);
  },

  'keeps identity and time of creation': async (scene) => {
    const before = (await scene.create('configmaps', configMap('a'))).body.metadata;
    const { metadata } = (await scene.replace(scene.path('configmaps', 'a'), configMap('a', { x: '1' }))).body;
    same([metadata.uid, metadata.creationTimestamp], [before.uid, before.creationTimestamp]);
    same(Number(metadata.resourceVersion) > Number(before.resourceVersion), true);
  },

  'refuses to replace another version than the one it names': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } });
    const answer = await scene.replace(scene.path('configmaps', 'a'), { ...body, data: { x: '3' } });
    const message =
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again';
    same(refusal(answer), [409, 'Conflict', message]);
    same(answer.body.details, { name: 'a', kind: 'configmaps' });
  },

  'refuses to replace another object than the one it names': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.replace(scene.path('configmaps', 'a'), configMap('a', { x: '1' }, { uid: 'another' }));
    same(refusal(answer).slice(0, 2), [409, 'Conflict']);
  },

  'does not move the version when nothing changes': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.replace(scene.path('configmaps', 'a'), body);
    same(answer.body, body);
  },

  'does not find what is not there': async (scene) => {
    const answer = await scene.replace(scene.path('configmaps', 'a'), configMap('a'));
    same(refusal(answer), [404, 'NotFound', 'configmaps "a" not found']);
  },

  'creates a lease that is not there': async (scene) => {
    const lease = { metadata: { name: 'a' }, spec: { holderIdentity: 'me' } };
    same((await scene.replace(scene.path('leases', 'a'), lease)).status, 201);
  },

  'refuses another name than the path says': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    const answer = await scene.replace(scene.path('configmaps', 'a'), configMap('b'));
    same(refusal(answer), [400, 'BadRequest', 'the name of the object (b) does not match the name on the URL (a)']);
  },

  'moves the generation with the spec alone': async (scene) => {
    const { body } = await scene.create('deployments', deployment('a', { replicas: 1 }));
    const path = scene.path('deployments', 'a');
    const generation = async (change: (draft: JsonDraft) => void) => {
      const { body: latest } = await scene.get(path);
      return (await scene.replace(path, changed(latest, change))).body.metadata.generation;
    };
    same(body.metadata.generation, 1);
    same(await generation((draft) => (draft['metadata'].labels = { l: '1' })), 1);
    same(await generation((draft) => (draft['spec'].replicas = 2)), 2);
    same(await generation((draft) => (draft['metadata'].annotations = { a: '1' })), 3);
    same(await generation((draft) => (draft['status'].replicas = 5)), 3);
  },

  'makes the writer the owner of what it changes': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1', y: '1' }), 'fieldManager=first');
    const path = scene.path('configmaps', 'a');
    const answer = await scene.replace(path, configMap('a', { x: '2', y: '1', z: '1' }), 'fieldManager=second');
    same(owners(answer), { 'first update': ['.data', '.data.y'], 'second update': ['.data.x', '.data.z'] });
  },

  'stores nothing in a dry run': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.replace(scene.path('configmaps', 'a'), configMap('a', { x: '2' }), 'dryRun=All');
    same([answer.status, answer.body.data], [200, { x: '2' }]);
    same((await scene.get(scene.path('configmaps', 'a'))).body, body);
  },

  'may edit the record of owners': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }), 'fieldManager=first');
    const renamed = changed(body, (draft) => (draft['metadata'].managedFields[0].manager = 'renamed'));
    same(owners(await scene.replace(scene.path('configmaps', 'a'), renamed)), {
      'renamed update': ['.data', '.data.x'],
    });
  },

  'passes over a record of owners that cannot be one': async (scene) => {
    const { body } = await scene.create('configmaps', configMap('a', { x: '1' }), 'fieldManager=first');
    const broken = changed(body, (draft) => (draft['metadata'].managedFields[0].operation = 'Guess'));
    const answer = await scene.replace(scene.path('configmaps', 'a'), broken);
    same(owners(answer), { 'first update': ['.data', '.data.x'] });
  },
});
