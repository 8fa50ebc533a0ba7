import type { Redacted } from '@flotilla/foundation';
import type { Actor } from '@flotilla/model';

/** A secret of the control plane, as its owner uses it. */
export type Credential =
  | { readonly kind: 'basic'; readonly origin: string; readonly username: string; readonly password: Redacted }
  | { readonly kind: 'bearer'; readonly origin: string; readonly token: Redacted }
  | { readonly kind: 'address'; readonly address: Redacted }
  | { readonly kind: 'webhook'; readonly secret: Redacted };

/** How a secret is found: every project has names of its own. */
export interface CredentialPlace {
  readonly project: string;
  readonly name: string;
}

/** Secrets by project and name. They are sealed at rest and come out only here, in the service that owns them. */
export interface Credentials {
  get(project: string, name: string): Promise<Credential | undefined>;
  /** Stores it in the place of the one before; the ledger says who did, and of what kind it is. */
  put(place: CredentialPlace, credential: Credential, by: Actor): Promise<void>;
}
