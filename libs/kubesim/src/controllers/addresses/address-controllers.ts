import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { itself } from '../keys.ts';
import type { Stored } from '../kube-objects.ts';
import { ingresses, services } from '../resources.ts';

interface Service extends Stored {
  readonly spec: { readonly type?: string; readonly loadBalancerIP?: string };
  readonly status?: object;
}

/** Gives each service of type LoadBalancer an address, and takes it back when the type changes. */
export function loadBalancerController(client: ClusterClient): Controller {
  return {
    name: 'loadbalancer',
    affectedBy: (change) => itself(change, services),
    reconcile: async (key) => {
      const service = client.get<Service>(services, key);
      if (!service || service.metadata.deletionTimestamp) return undefined;
      const { type, loadBalancerIP } = service.spec;
      const address = loadBalancerIP || addressOf(service);
      const balancer = type === 'LoadBalancer' ? { ingress: [{ ip: address, ipMode: 'VIP' }] } : {};
      await client.writeStatus(services, service, { ...service.status, loadBalancer: balancer });
      return undefined;
    },
  };
}

/** Gives each ingress the address of the one ingress controller there is. */
export function ingressController(client: ClusterClient): Controller {
  return {
    name: 'ingress',
    affectedBy: (change) => itself(change, ingresses),
    reconcile: async (key) => {
      const ingress = client.get<Stored & { readonly status?: object }>(ingresses, key);
      if (!ingress || ingress.metadata.deletionTimestamp) return undefined;
      await client.writeStatus(ingresses, ingress, { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } });
      return undefined;
    },
  };
}

/** An address for documentation, which stays the same for as long as the object does. */
function addressOf({ metadata }: Stored): string {
  return `192.0.2.${(Number.parseInt(metadata.uid.slice(-2), 16) % 250) + 2}`;
}
