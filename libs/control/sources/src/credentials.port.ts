import type { Redacted } from '@flotilla/foundation';

/** A secret of the control plane, as its owner uses it. */
export type Credential =
  | { readonly kind: 'basic'; readonly origin: string; readonly username: string; readonly password: Redacted }
  | { readonly kind: 'bearer'; readonly origin: string; readonly token: Redacted }
  | { readonly kind: 'address'; readonly address: Redacted }
  | { readonly kind: 'webhook'; readonly secret: Redacted };

/** Secrets by project and name. They are sealed at rest and come out only here, in the service that owns them. */
export interface Credentials {
  get(project: string, name: string): Promise<Credential | undefined>;
  put(project: string, name: string, credential: Credential): Promise<void>;
}
