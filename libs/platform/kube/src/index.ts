export { type KubeWarning } from './client/answer.ts';
export { type Applied, type ApplyOptions } from './client/apply-object.ts';
export { type DeleteOptions, type Deletion } from './client/delete-object.ts';
export { serviceAccountIdentity, type Identity } from './client/identity.ts';
export { createKubeClient, type KubeClient, type KubeClientOptions, type Listed } from './client/kube-client.ts';
export { type ListOptions, type ListPage, type Selection } from './client/list-pages.ts';
export { type WriteOptions } from './client/object-body.ts';
export { type GetOptions, type ServerVersion, type TextOptions } from './client/read-object.ts';
export { type Created, type Replaced } from './client/write-object.ts';
export { connectInCluster, type ConnectInClusterOptions } from './connect/connect-in-cluster.ts';
export { connectKubeconfig, type ConnectKubeconfigOptions } from './connect/connect-kubeconfig.ts';
export { connectUrl, type ConnectUrlOptions } from './connect/connect-url.ts';
export { type KindCatalog } from './discovery/kind-catalog.ts';
export { type KindInfo, type KindTable } from './discovery/kind-table.ts';
export { type HttpTransport } from './transport/http-transport.ts';
export { ManagedCluster, type ManagedClusterOptions } from './managed-cluster.ts';
export {
  inProcessTransport,
  type InProcessAnswer,
  type InProcessHandler,
  type InProcessRequest,
} from './transport/in-process-transport.ts';
export {
  type KubeHeaders,
  type KubeRequest,
  type KubeResponse,
  type KubeTransport,
} from './transport/kube-transport.port.ts';
export { type WatchEvent } from './watch/object-cache.ts';
export { type WatchLine, type WatchOptions, type WatchStream } from './watch/open-watch.ts';
export { type WatchCache, type WatchHealth, type WatchKindOptions } from './watch/watch-cache.ts';
export { watchKind } from './watch/watch-kind.ts';
