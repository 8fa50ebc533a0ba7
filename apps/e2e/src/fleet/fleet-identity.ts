import type { OrderKey } from '@flotilla/contracts';
import type { UserCredentials } from '@flotilla/platform-bus';

/** Who one simulated agent is: what enrolment gave it, and the key that it made itself. */
export interface FleetIdentity {
  readonly cluster: string;
  readonly credentials: UserCredentials;
  readonly servers: readonly string[];
  readonly orderKeys: readonly OrderKey[];
}
