/** Who makes a request, and what they may do. */
export interface Principal {
  readonly name: string;
  readonly permissions: ReadonlySet<GrantedPermission>;
}

/** What a token may be given: each word includes those before it. */
export type GrantedPermission = 'read' | 'write' | 'admin';

const implied: Readonly<Record<GrantedPermission, readonly GrantedPermission[]>> = {
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
};

/** A principal with everything that the granted permissions include. */
export function principalOf(name: string, granted: readonly GrantedPermission[]): Principal {
  return { name, permissions: new Set(granted.flatMap((permission) => implied[permission])) };
}

/** Default deny: without a declared permission nobody gets in, whoever they are. */
export function permits(principal: Principal | undefined, needed: GrantedPermission | undefined): boolean {
  return principal !== undefined && needed !== undefined && principal.permissions.has(needed);
}
