/**
 * What a token may be given: each includes all that stand before it. Who may break the glass may write as well, and no
 * writer may break it by that alone.
 */
export const permissions = ['read', 'approve', 'write', 'break-glass', 'admin'] as const;

export type GrantedPermission = (typeof permissions)[number];
