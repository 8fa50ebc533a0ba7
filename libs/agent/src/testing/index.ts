export { clusterApiCases, type ClusterApiCase, type ClusterApiWorld } from './cluster-api-cases.ts';
export { FailingCluster, type ClusterTrouble } from './failing-cluster.ts';
export { InMemoryCluster, type WriteLine } from './in-memory-cluster.ts';
export { cutLine, InMemoryLine, type SentMessage } from './in-memory-line.ts';
export { FailingSources, InMemorySources } from './in-memory-sources.ts';
export { interceptCluster, type Around, type ClusterCall } from './intercept-cluster.ts';
export { TestOrderKey } from './order-key.ts';
export { PlayedPlane } from './played-plane.ts';
export { RecordingTracer, type RecordedSpan } from './recording-tracer.ts';
