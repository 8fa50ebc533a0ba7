export {
  GitHost,
  startGitHost,
  type GitHostOptions,
  type HostCredential,
  type HostRequest,
  type MovedRef,
} from './git-host.ts';
export type { HostFault } from './host-fault.ts';
export { fleetChange, fleetFiles, fleetPath, type FleetOptions } from './fleet-files.ts';
export type { CommitOptions } from './host-repositories.ts';
export type { HostTraffic } from './host-traffic.ts';
export type { FileChanges } from './import-stream.ts';
export { measureGit, type GitFigures, type MeasureGitOptions } from './measure-git.ts';
