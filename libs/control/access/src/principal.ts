import { permissions, type GrantedPermission } from '@flotilla/model';

/** Who makes a request, and what they may do. */
export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<GrantedPermission>;
  /** The one project that all of this is for; without it, all of them and what stands outside of projects. */
  readonly project?: string;
}

/** A principal with everything that the granted permission includes. */
export function principalOf(name: string, granted: GrantedPermission, project?: string): Principal {
  const included = permissions.slice(0, permissions.indexOf(granted) + 1);
  return { name, permissions: new Set(included), ...(project !== undefined && { project }) };
}

/** Default deny: without a declared permission nobody gets in, whoever they are. */
export function permits(principal: Principal | undefined, needed: GrantedPermission | undefined): boolean {
  return principal !== undefined && needed !== undefined && principal.permissions.has(needed);
}

/** Whether somebody may be at all where a request leads: in this project, or outside of projects when it names none. */
export function reaches({ project: own }: Principal, project: string | undefined): boolean {
  return own === undefined || own === project;
}
