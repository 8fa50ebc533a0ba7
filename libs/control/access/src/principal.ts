/** Who makes a request, and what they may do. */
export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<GrantedPermission>;
}

/**
 * What a token may be given. Each of `read`, `approve`, `write` includes those before it, and `admin` everything; who
 * may break the glass may write as well, and no writer may break it by that alone.
 */
export type GrantedPermission = 'read' | 'approve' | 'write' | 'break-glass' | 'admin';

const implied: Readonly<Record<GrantedPermission, readonly GrantedPermission[]>> = {
  read: ['read'],
  // Whether somebody is among those whom a gate asks is for the gate to say.
  approve: ['read', 'approve'],
  write: ['read', 'approve', 'write'],
  'break-glass': ['read', 'approve', 'write', 'break-glass'],
  admin: ['read', 'approve', 'write', 'break-glass', 'admin'],
};

/** A principal with everything that the granted permissions include. */
export function principalOf(name: string, granted: readonly GrantedPermission[]): Principal {
  return { name, permissions: new Set(granted.flatMap((permission) => implied[permission])) };
}

/** Default deny: without a declared permission nobody gets in, whoever they are. */
export function permits(principal: Principal | undefined, needed: GrantedPermission | undefined): boolean {
  return principal !== undefined && needed !== undefined && principal.permissions.has(needed);
}
