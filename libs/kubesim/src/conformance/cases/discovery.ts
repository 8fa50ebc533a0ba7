import { cases } from '../conformance-case.ts';
import { refusal, same } from '../expectations.ts';
import type { Answer } from '../scene.ts';

const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };

interface Named {
  readonly name: string;
}

function named<Item extends Named>({ body }: Answer, list: string, name: string): Item | undefined {
  return (body[list] as Item[]).find((item) => item.name === name);
}

/** What is served. A real server serves more kinds, so the cases look at one each. */
export const discoveryCases = cases('discovery', {
  'tells the version': async (scene) => {
    const { status, body } = await scene.get('/version');
    same([status, body.major, body.minor, body.gitVersion], [200, '1', '34', 'v1.34.4']);
  },

  'is well': async (scene) => {
    for (const path of ['/readyz', '/livez', '/healthz']) {
      const { status, body } = await scene.get(path);
      same([status, body], [200, 'ok']);
    }
  },

  'lists the versions of the core group': async (scene) => {
    const { body } = await scene.get('/api');
    same([body.kind, body.versions], ['APIVersions', ['v1']]);
  },

  'lists groups with the version that is preferred': async (scene) => {
    const answer = await scene.get('/apis');
    same([answer.body.kind, answer.body.apiVersion], ['APIGroupList', 'v1']);
    const version = { groupVersion: 'apps/v1', version: 'v1' };
    same(named(answer, 'groups', 'apps'), { name: 'apps', versions: [version], preferredVersion: version });
  },

  'shows one group': async (scene) => {
    const { body } = await scene.get('/apis/apps');
    const version = { groupVersion: 'apps/v1', version: 'v1' };
    same(body, { kind: 'APIGroup', apiVersion: 'v1', name: 'apps', versions: [version], preferredVersion: version });
  },

  'lists the resources of a group with their verbs and names': async (scene) => {
    const answer = await scene.get('/apis/apps/v1');
    same([answer.body.kind, answer.body.groupVersion], ['APIResourceList', 'apps/v1']);
    same(named(answer, 'resources', 'deployments'), {
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      storageVersionHash: '8aSe+NMegvE=',
    });
    same(named(answer, 'resources', 'deployments/scale'), {
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  },

  'tells everything at once to those who ask for it': async (scene) => {
    const { body, headers } = await scene.get('/apis', aggregated);
    same(headers['content-type'], 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    same([body.kind, body.apiVersion], ['APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2']);
    const group = body.items.find(({ metadata }: { metadata: Named }) => metadata.name === 'batch');
    const [version] = group.versions;
    same([version.version, version.freshness], ['v1', 'Current']);
    same(
      version.resources.find(({ resource }: { resource: string }) => resource === 'jobs'),
      {
        resource: 'jobs',
        responseKind: { group: '', version: '', kind: 'Job' },
        scope: 'Namespaced',
        singularResource: 'job',
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
        categories: ['all'],
        subresources: [
          {
            subresource: 'status',
            responseKind: { group: '', version: '', kind: 'Job' },
            verbs: ['get', 'patch', 'update'],
          },
        ],
      },
    );
  },

  'tells everything at once about the core group': async (scene) => {
    const { body } = await scene.get('/api', aggregated);
    const [group] = body.items;
    const pods = group.versions[0].resources.find(({ resource }: { resource: string }) => resource === 'pods');
    same([pods.scope, pods.shortNames, pods.responseKind.kind], ['Namespaced', ['po'], 'Pod']);
  },

  'does not find a group, a version or a resource that is not served': async (scene) => {
    same((await scene.get('/apis/no.such.group')).status, 404);
    same((await scene.get('/apis/no.such.group/v1/things')).status, 404);
    const words = [404, 'NotFound', 'the server could not find the requested resource'];
    same(refusal(await scene.get('/api/v1/things')), words);
    same(refusal(await scene.get(`${scene.path('configmaps')}/a/scale`)), words);
  },
});
