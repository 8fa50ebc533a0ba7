import { agentObjects, type ClusterApi } from '@flotilla/agent';

/**
 * Makes sure that the agent's own namespace and its ConfigMap exist: the ConfigMap is where a person says stop, so it
 * has to be there before anybody needs it.
 */
export async function prepareNamespace(cluster: ClusterApi, namespace: string): Promise<void> {
  if (!(await cluster.get({ group: '', kind: 'Namespace', name: namespace }))) {
    await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
  const metadata = { name: agentObjects.configuration, namespace };
  if (!(await cluster.get({ group: '', kind: 'ConfigMap', ...metadata }))) {
    await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  }
}
