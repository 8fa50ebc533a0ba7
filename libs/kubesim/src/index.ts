export { KubeSim, type KubeSimOptions } from './kube-sim.ts';
export { serveKubeSim, type ServedKubeSim, type ServeOptions } from './server/serve-kube-sim.ts';
export type { AccessAttributes, DenyRule } from './engine/access.ts';
export type { AdmissionHook, AdmissionOperation } from './engine/admission.ts';
export type { FailRule } from './engine/faults.ts';
export type { RecordedRequest } from './engine/request-log.ts';
export type { KubeSimSnapshot } from './engine/snapshot.ts';
export type { SimRequest, SimResponse, SimUser } from './sim-request.ts';
