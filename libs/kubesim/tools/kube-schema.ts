import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { findEnvtestAssets } from '../../testing/src/kube-apiserver/envtest-assets.ts';
import { startKubeApiServer, type KubeApiServer } from '../../testing/src/kube-apiserver/start-kube-api-server.ts';
import { describeResources, type ResourceListDocument } from './describe-resources.ts';
import { describeTypes, type GoShapes, type OpenApiSchemas } from './describe-types.ts';

/**
 * Writes `src/schema/kubernetes.json`: what a real API server says of the kinds that kubesim offers. Run it with
 * `node --conditions=source libs/kubesim/tools/kube-schema.ts` after a change of the envtest version. It needs Go,
 * because only the Go types tell which empty fields are written.
 */
const offered: Readonly<Record<string, readonly string[]>> = {
  'api/v1': [
    'ConfigMap',
    'Endpoints',
    'Event',
    'LimitRange',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'Pod',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'apis/apps/v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'apis/autoscaling/v2': ['HorizontalPodAutoscaler'],
  'apis/batch/v1': ['CronJob', 'Job'],
  'apis/networking.k8s.io/v1': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'apis/policy/v1': ['PodDisruptionBudget'],
  'apis/rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'apis/storage.k8s.io/v1': ['StorageClass'],
  'apis/apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'apis/scheduling.k8s.io/v1': ['PriorityClass'],
  'apis/coordination.k8s.io/v1': ['Lease'],
};

const output = fileURLToPath(new URL('../src/schema/kubernetes.json', import.meta.url));
const goModule = fileURLToPath(new URL('../../../tools/envtest/', import.meta.url));

const assets = findEnvtestAssets();
if (!assets) throw new Error('no kube-apiserver: run `npm run envtest:install` first');
const server = await startKubeApiServer({ assets });
try {
  writeFileSync(output, await readSchema(server));
  process.stdout.write(`wrote ${output}\n`);
} finally {
  await server.stop();
}

async function readSchema(from: KubeApiServer): Promise<string> {
  const resources = [];
  const schemas: Record<string, OpenApiSchemas[string]> = {};
  for (const [path, kinds] of [...Object.entries(offered), ['apis/autoscaling/v1', []] as const]) {
    const document = (await get(from, `/openapi/v3/${path}`)) as { components: { schemas: OpenApiSchemas } };
    Object.assign(schemas, document.components.schemas);
    resources.push(...describeResources((await get(from, `/${path}`)) as ResourceListDocument, kinds));
  }
  const shapes = JSON.parse(execFileSync('go', ['run', './shapes'], { cwd: goModule, encoding: 'utf8' })) as GoShapes;
  const roots = [...resources.map(({ type }) => type), 'autoscaling.v1.Scale'];
  const types = describeTypes(roots, schemas, shapes);
  const version = await get(from, '/version');
  return oneLineEach({ version, resources, types });
}

/** A line for each resource and type, so that a change of Kubernetes reads as a change of lines. */
function oneLineEach({ version, resources, types }: { version: unknown; resources: unknown[]; types: object }): string {
  const list = resources.map((resource) => `    ${JSON.stringify(resource)}`).join(',\n');
  const lines = Object.entries(types).map(([name, type]) => `    ${JSON.stringify(name)}: ${JSON.stringify(type)}`);
  const { major, minor, gitVersion } = version as Record<string, string>;
  const head = JSON.stringify({ major, minor, gitVersion });
  return `{\n  "version": ${head},\n  "resources": [\n${list}\n  ],\n  "types": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function get({ url, certificateAuthority, token }: KubeApiServer, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { ca: certificateAuthority, agent: false, headers: { authorization: `Bearer ${token}` } };
    const asking = request(new URL(path, url), options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve(JSON.parse(text)));
    });
    asking.once('error', reject).end();
  });
}
