export { clusterCases, keyCases, livenessCases, type FleetCase, type FleetWorld } from './fleet-cases.ts';
export { heardHello } from './heard-hello.ts';
export { InMemoryClusters } from './in-memory-clusters.ts';
export { InMemoryLiveness } from './in-memory-liveness.ts';
