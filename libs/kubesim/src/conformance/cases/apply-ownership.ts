import { cases } from '../conformance-case.ts';
import { owners, same } from '../expectations.ts';
import { configMap, deployment, type Answer } from '../scene.ts';

/** Who owns what after an apply, and what that means for the next one. */
export const applyOwnershipCases = cases('apply ownership', {
  'creates what is not there, owned field by field': async (scene) => {
    const answer = await scene.apply('configmaps', configMap('a', { x: '1', y: '2' }, { labels: { team: 'red' } }));
    same(answer.status, 201);
    same(owners(answer), { 'alice apply': ['.data.x', '.data.y', '.metadata.labels.team'] });
  },

  'changes nothing when nothing changes': async (scene) => {
    const first = await scene.apply('configmaps', configMap('a', { x: '1' }));
    const again = await scene.apply('configmaps', configMap('a', { x: '1' }));
    same(again.status, 200);
    same(again.body, first.body);
  },

  'takes a field away that its only owner no longer applies': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1', y: '2' }));
    const answer = await scene.apply('configmaps', configMap('a', { x: '1' }));
    same(answer.body.data, { x: '1' });
    same(owners(answer), { 'alice apply': ['.data.x'] });
  },

  'takes away a label, an annotation and a finalizer the same way': async (scene) => {
    const metadata = { labels: { l: '1' }, annotations: { a: '1' }, finalizers: ['example.org/f'] };
    await scene.apply('configmaps', configMap('a', {}, metadata));
    const { body } = await scene.apply('configmaps', configMap('a'));
    same([body.metadata.labels, body.metadata.annotations, body.metadata.finalizers], [null, null, null]);
  },

  'keeps a field that somebody else applies too': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1', y: '2' }));
    await scene.apply('configmaps', configMap('a', { x: '1' }), { manager: 'bob' });
    const answer = await scene.apply('configmaps', configMap('a', { y: '2' }));
    same(answer.body.data, { x: '1', y: '2' });
    same(owners(answer), { 'alice apply': ['.data.y'], 'bob apply': ['.data.x'] });
  },

  'shares a field whose value both want': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.apply('configmaps', configMap('a', { x: '1' }), { manager: 'bob' });
    same(owners(answer), { 'alice apply': ['.data.x'], 'bob apply': ['.data.x'] });
  },

  'brings fields of two appliers together': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.apply('configmaps', configMap('a', { y: '2' }), { manager: 'bob' });
    same(answer.body.data, { x: '1', y: '2' });
    same(owners(answer), { 'alice apply': ['.data.x'], 'bob apply': ['.data.y'] });
  },

  'of nothing gives everything up': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    await scene.apply('configmaps', configMap('a', { y: '2' }), { manager: 'bob' });
    const { data: _, ...nothing } = configMap('a');
    const answer = await scene.apply('configmaps', nothing);
    same(answer.body.data, { y: '2' });
    same(owners(answer), { 'bob apply': ['.data.y'] });
  },

  'owns an empty map as a whole': async (scene) => {
    const answer = await scene.apply('configmaps', configMap('a', {}, { labels: {} }));
    same(owners(answer), { 'alice apply': ['.data', '.metadata.labels'] });
  },

  'leaves alone what an update wrote beside it': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { y: '2' } }, 'fieldManager=edit');
    const answer = await scene.apply('configmaps', configMap('a', { x: '2' }));
    same(answer.body.data, { x: '2', y: '2' });
    same(owners(answer), { 'alice apply': ['.data.x'], 'edit update': ['.data.y'] });
  },

  'loses a field to an update that changes it, and takes it back by force': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const edited = await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } }, 'fieldManager=edit');
    same(owners(edited), { 'edit update': ['.data.x'] });
    const answer = await scene.apply('configmaps', configMap('a', { x: '1' }), { query: 'force=true' });
    same(answer.body.data, { x: '1' });
    same(owners(answer), { 'alice apply': ['.data.x'] });
  },

  'keeps a field that an update writes with the value it has': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1' }));
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '1' } }, 'fieldManager=edit');
    same(owners(answer), { 'alice apply': ['.data.x'] });
  },

  'loses a field that an update deletes, and brings it back with the next apply': async (scene) => {
    await scene.apply('configmaps', configMap('a', { x: '1', y: '2' }));
    const deleted = await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: null } });
    same(owners(deleted), { 'alice apply': ['.data.y'] });
    const answer = await scene.apply('configmaps', configMap('a', { x: '1', y: '2' }));
    same(answer.body.data, { x: '1', y: '2' });
    same(owners(answer), { 'alice apply': ['.data.x', '.data.y'] });
  },

  'tells the applier and the updater of one name apart': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }), 'fieldManager=alice');
    const answer = await scene.apply('configmaps', configMap('a', { y: '2' }));
    same(owners(answer), { 'alice update': ['.data', '.data.x'], 'alice apply': ['.data.y'] });
  },

  'shares with the creator what it applies with the same value': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }), 'fieldManager=create');
    const answer = await scene.apply('configmaps', configMap('a', { x: '1' }));
    same(owners(answer), { 'create update': ['.data', '.data.x'], 'alice apply': ['.data.x'] });
  },

  'gives what was there before the first apply to a manager of its own': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }));
    const cleared = { metadata: { managedFields: [{}] } };
    same(owners(await scene.patch(scene.path('configmaps', 'a'), 'merge', cleared)), {});
    const answer = await scene.apply('configmaps', configMap('a', { y: '2' }));
    same(owners(answer), { 'before-first-apply update': ['.data', '.data.x'], 'alice apply': ['.data.y'] });
  },

  'is not tracked for updates of an object whose record was cleared': async (scene) => {
    await scene.create('configmaps', configMap('a', { x: '1' }));
    await scene.patch(scene.path('configmaps', 'a'), 'merge', { metadata: { managedFields: [{}] } });
    const answer = await scene.patch(scene.path('configmaps', 'a'), 'merge', { data: { x: '2' } });
    same(owners(answer), {});
  },

  'has a time when it changed something, and none when it only agreed': async (scene) => {
    const first = await scene.apply('configmaps', configMap('a', { x: '1' }));
    const second = await scene.apply('configmaps', configMap('a', { x: '1' }), { manager: 'bob' });
    same(times(second), { ...times(first), bob: null });
  },

  'records the version it was made at': async (scene) => {
    const answer = await scene.apply('deployments', deployment('a'));
    const [{ apiVersion, fieldsType, operation }] = answer.body.metadata.managedFields;
    same([apiVersion, fieldsType, operation], ['apps/v1', 'FieldsV1', 'Apply']);
  },

  'leaves out what tells which object it is': async (scene) => {
    const answer = await scene.apply('configmaps', configMap('a', {}, { namespace: scene.namespace }));
    same(owners(answer), { 'alice apply': ['.data'] });
  },
});

function times({ body }: Answer): Record<string, string | null> {
  const entries = body.metadata.managedFields as { manager: string; time?: string }[];
  return Object.fromEntries(entries.map(({ manager, time = null }) => [manager, time]));
}
