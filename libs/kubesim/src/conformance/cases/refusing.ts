import { cases } from '../conformance-case.ts';
import { refusal, same } from '../expectations.ts';
import { configMap } from '../scene.ts';

/** Requests that are wrong in their form. */
export const refusingCases = cases('refusing', {
  'a method that does not fit the path': async (scene) => {
    const words = [405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'];
    same(refusal(await scene.request('POST', scene.path('configmaps', 'a'), { body: {} })), words);
    same(refusal(await scene.request('PUT', scene.path('configmaps'), { body: {} })), words);
    same(refusal(await scene.request('PATCH', scene.path('configmaps'), { body: {} })), words);
  },

  'a body that is no JSON': async (scene) => {
    same(refusal(await scene.create('configmaps', '{"metadata":')).slice(0, 2), [400, 'BadRequest']);
    same(refusal(await scene.create('configmaps', '')).slice(0, 2), [400, 'BadRequest']);
  },

  'a body that is no object': async (scene) => {
    same((await scene.create('configmaps', '[]')).status, 400);
    same((await scene.create('configmaps', '"text"')).status, 400);
  },

  'a body in a form that it does not know': async (scene) => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await scene.request('POST', scene.path('configmaps'), {
      headers,
      body: JSON.stringify(configMap('a')),
    });
    same(refusal(answer).slice(0, 2), [415, 'UnsupportedMediaType']);
  },

  'a patch that is no JSON': async (scene) => {
    await scene.create('configmaps', configMap('a'));
    same(refusal(await scene.patch(scene.path('configmaps', 'a'), 'merge', '{')).slice(0, 2), [400, 'BadRequest']);
    same(refusal(await scene.patch(scene.path('configmaps', 'a'), 'json', '{')).slice(0, 2), [400, 'BadRequest']);
  },

  'parameters with words that it does not know': async (scene) => {
    same((await scene.create('configmaps', configMap('a'), 'dryRun=maybe')).status, 422);
    same((await scene.create('configmaps', configMap('a'), 'fieldValidation=Maybe')).status, 422);
  },

  'a resource that is not served, whatever is asked of it': async (scene) => {
    const words = [404, 'NotFound', 'the server could not find the requested resource'];
    same(refusal(await scene.request('POST', `/api/v1/namespaces/${scene.namespace}/things`, { body: {} })), words);
    same(refusal(await scene.delete('/apis/apps/v1/things/a')), words);
  },

  'to create something of a namespace outside of one': async (scene) => {
    same((await scene.request('POST', '/api/v1/configmaps', { body: configMap('a') })).status, 405);
  },
});
