import { controlVerbs, type EnrolAnswer, type EnrolRequest } from '@flotilla/contracts';
import { enrol, joinTokenLifeMs, newJoinToken, type Clusters, type IdentityIssuer } from '@flotilla/control-fleet';
import type { Service } from '@flotilla/control-host';
import { isoTime } from '@flotilla/foundation';
import type { Actor, Labels } from '@flotilla/model';
import type { StatusSettings } from './settings.ts';

export interface EnrolmentOptions {
  readonly service: Service;
  readonly settings: StatusSettings;
  readonly clusters: Clusters;
  readonly issuer: IdentityIssuer;
}

/** How a cluster comes into the fleet: a person makes a token, an agent brings it with a key of its own. */
export class Enrolment {
  readonly #options: EnrolmentOptions;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
  }

  async join(request: { project: string; name: string; labels?: Labels | undefined; by: Actor }) {
    const { clusters, service } = this.#options;
    const { token, hash } = newJoinToken();
    const expiresAt = service.clock.now() + joinTokenLifeMs;
    const { uid } = await clusters.join({ ...request, tokenHash: hash, expiresAt });
    return { cluster: uid, token: token.reveal(), expiresAt: isoTime(expiresAt) };
  }

  async enrol(request: EnrolRequest): Promise<EnrolAnswer> {
    const { clusters, issuer, service, settings } = this.#options;
    // Asked first: without the keys that it shall believe, an agent is of no use, and its token must not be used up.
    const { keys, list } = await service.control.ask(controlVerbs.orderKeys, {});
    const { cluster, userJwt, expiresAt } = await enrol(
      { clusters, issuer, clock: service.clock, lifeMs: settings.AGENT_IDENTITY_LIFE },
      request,
    );
    return {
      cluster: cluster.uid,
      project: cluster.project,
      name: cluster.name,
      userJwt,
      servers: settings.AGENT_NATS_URL,
      ...(settings.AGENT_NATS_CA && { certificateAuthority: settings.AGENT_NATS_CA }),
      orderKeys: keys,
      keyList: list,
      expiresAt,
    };
  }
}
