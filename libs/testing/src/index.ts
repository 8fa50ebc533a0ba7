export {
  fleetChange,
  fleetFiles,
  fleetPath,
  GitHost,
  measureGit,
  startGitHost,
  type CommitOptions,
  type FileChanges,
  type FleetOptions,
  type GitFigures,
  type GitHostOptions,
  type HostCredential,
  type HostFault,
  type HostRequest,
  type HostTraffic,
  type MeasureGitOptions,
  type MovedRef,
} from './git-host/index.ts';
export { FaultProxy, startFaultProxy, type FaultProxyOptions } from './fault-proxy/fault-proxy.ts';
export { passing, type Cut, type Direction, type LinkFault } from './fault-proxy/link-fault.ts';
export { LyingBroker, type MessageFault } from './fault-proxy/lying-broker.ts';
export type { MessageFilter } from './fault-proxy/message-filter.ts';
export type { ProxiedConnection } from './fault-proxy/proxied-connection.ts';
export { findNatsServer } from './nats/nats-binary.ts';
export {
  natsAnswers,
  startNatsServer,
  writeNatsConfig,
  type NatsServer,
  type NatsServerOptions,
} from './nats/nats-server.ts';
export { copyPostgres } from './postgres/copy-postgres.ts';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres/postgres-server.ts';
export { startChild, type Child, type ChildOptions } from './process/child.ts';
export { loadedModules } from './process/loaded-modules.ts';
export { freePort, freePorts, isFreePort } from './process/ports.ts';
export { until, type UntilOptions } from './process/until.ts';
export { agentProcess } from './control-plane/agent-process.ts';
export { checkoutDataDirectory, plainEnvironment, program, webDirectory } from './control-plane/programs.ts';
export {
  createPlaneSecrets,
  isReady,
  serviceNames,
  serviceProcess,
  type PlaneSecrets,
  type ServiceName,
  type ServiceOptions,
} from './control-plane/services.ts';
export { temporaryDirectory, type TemporaryDirectory } from './process/temporary-directory.ts';
export { findDeployProgram, programPlaces, type DeployProgram } from './deploy-programs/deploy-programs.ts';
export { envtestVersion, findEnvtestAssets, type EnvtestAssets } from './kube-apiserver/envtest-assets.ts';
export { callServer } from './kube-apiserver/call-server.ts';
export {
  startKubeApiServer,
  type KubeApiServer,
  type StartKubeApiServerOptions,
} from './kube-apiserver/start-kube-api-server.ts';
export { startWorkloadStub } from './kube-apiserver/workload-stub.ts';
