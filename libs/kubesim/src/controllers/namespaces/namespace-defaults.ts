import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { itself } from '../keys.ts';
import type { Stored } from '../kube-objects.ts';
import { configMaps, namespaces, sameResource, serviceAccounts, type Resource } from '../resources.ts';

const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** What every namespace has without anybody's asking: a service account, and the certificate of the API server. */
const defaults: readonly {
  readonly resource: Resource;
  readonly object: { readonly metadata: { readonly name: string } };
}[] = [
  { resource: serviceAccounts, object: { metadata: { name: 'default' } } },
  {
    resource: configMaps,
    object: {
      metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': description } },
      data: { 'ca.crt': 'kubesim speaks plain HTTP on the loopback device\n' },
    } as { metadata: { name: string } },
  },
];

/** Makes in each namespace what a real cluster makes there, and again when somebody deletes it. */
export function namespaceDefaultsController(client: ClusterClient): Controller {
  return {
    name: 'namespacedefaults',
    affectedBy: (change) => {
      const { namespace, name } = (change.object as unknown as Stored).metadata;
      const isDefault = defaults.some(
        ({ resource, object }) => sameResource(resource, change.resource) && object.metadata.name === name,
      );
      return isDefault && change.type === 'DELETED' ? [namespace!] : itself(change, namespaces);
    },
    reconcile: async (name) => {
      const namespace = client.get(namespaces, name);
      if (!namespace || namespace.metadata.deletionTimestamp) return undefined;
      for (const { resource, object } of defaults) {
        if (!client.get(resource, `${name}/${object.metadata.name}`)) await client.create(resource, name, object);
      }
      return undefined;
    },
  };
}
