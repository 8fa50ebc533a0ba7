export type { AgentEvent, AgentFigures, AgentOptions } from './agent-options.ts';
export { Agent } from './agent.ts';
export { type AgentHome } from './upgrade/agent-deployment.ts';
export { Watchdog, type WatchdogOptions } from './upgrade/watchdog.ts';
export { IdentityKeeper, type Identity } from './keep/identity-keeper.ts';
export { owningInventoryOf } from './apply/ownership.ts';
export { applySetId, checkParent } from './keep/apply-set.ts';
export { AgentLease, type LeaseOptions } from './lease.ts';
export { agentObjects, applySet, fieldManager, marks } from './names.ts';
export { enrolAgent, type EnrolAgentOptions, type UserKey } from './orders/enrol-agent.ts';
export { HeldSet, type SetDecision } from './orders/held-set.ts';
export { verifySet, type OrderTrust } from './orders/verify-order.ts';
export type { RenewalPorts } from './orders/renewal.ts';
export type {
  Applied,
  ClusterApi,
  Deleted,
  KindInfo,
  ObjectChange,
  ObjectWatch,
  WatchOptions,
} from './ports/cluster-api.port.ts';
export type { ControlLine, ReceivedOrder } from './ports/control-line.port.ts';
export { noRenderCache, type RenderCache } from './ports/render-cache.port.ts';
export type { ChosenRenderer, Renderer, RenderFailure, RenderOrder } from './ports/renderer.port.ts';
export type { SourceFile, SourceReader } from './ports/source-reader.port.ts';
export { noTracer, type SpanOptions, type Tracer } from './ports/tracer.port.ts';
export type { DeliveryState } from './reconcile/delivery-state.ts';
export { Reporter, type ReporterOptions, type Speaker } from './report/reporter.ts';
export { StatusBook } from './report/status-book.ts';
