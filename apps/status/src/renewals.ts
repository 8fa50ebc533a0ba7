import { controlVerbs, headerNames, subjects, type RenewAnswer, type RenewRequest } from '@flotilla/contracts';
import { renew, renewalRefused, type Clusters, type IdentityIssuer } from '@flotilla/control-fleet';
import type { Service } from '@flotilla/control-host';
import { RateLimit, toFault } from '@flotilla/foundation';
import { counter, metricList } from '@flotilla/platform-telemetry';
import { readRenewal } from './read-renewal.ts';
import type { StatusSettings } from './settings.ts';

const renewed = counter(metricList.identitiesRenewed);

export interface RenewalsOptions {
  readonly service: Pick<Service, 'clock' | 'logger' | 'bus' | 'control'>;
  readonly settings: Pick<
    StatusSettings,
    'AGENTS_ACCOUNT' | 'AGENTS_ACCOUNTS_BEFORE' | 'AGENT_IDENTITY_LIFE' | 'AGENT_NATS_URL' | 'AGENT_NATS_CA'
  >;
  readonly clusters: Clusters;
  readonly issuer: IdentityIssuer;
}

/** Gives agents new identities for the ones that they have, over either door: the broker, or HTTPS when it shut. */
export class Renewals {
  readonly #options: RenewalsOptions;
  readonly #limit: RateLimit;

  constructor(options: RenewalsOptions) {
    this.#options = options;
    this.#limit = new RateLimit({ clock: options.service.clock, perSecond: 0.2, burst: 5, keysMax: 20_000 });
  }

  /** The credential goes to the cluster that the server-checked subject named, as an order. Nothing answers a refusal. */
  async heard(cluster: string, request: RenewRequest): Promise<void> {
    const { bus, logger } = this.#options.service;
    if (this.#limit.take(cluster) > 0) return;
    try {
      const { credential } = await this.renew(request, cluster);
      const headers = { [headerNames.signature]: credential.signature };
      bus.publish(subjects.down(cluster, 'credential'), Buffer.from(credential.text), headers);
    } catch (error) {
      logger.warn({ cluster, error: toFault(error).message }, 'an identity was not renewed');
    }
  }

  /** `speaker` is the cluster that the broker knows who asks to be; over HTTPS there is none. */
  async renew(request: RenewRequest, speaker?: string): Promise<RenewAnswer> {
    try {
      const answer = await this.#renew(request, speaker);
      renewed({ outcome: 'renewed' });
      return answer;
    } catch (error) {
      renewed({ outcome: toFault(error).reason });
      throw error;
    }
  }

  async #renew(request: RenewRequest, speaker: string | undefined): Promise<RenewAnswer> {
    const { clusters, issuer, service, settings } = this.#options;
    const renewal = readRenewal(request);
    if (!renewal || (speaker !== undefined && speaker !== renewal.cluster)) throw renewalRefused();
    const accounts = [settings.AGENTS_ACCOUNT, ...settings.AGENTS_ACCOUNTS_BEFORE];
    const ports = { clusters, issuer, clock: service.clock, accounts, lifeMs: settings.AGENT_IDENTITY_LIFE };
    const { cluster, userJwt, expiresAt } = await renew(ports, renewal);
    return service.control.ask(controlVerbs.signCredential, {
      cluster: cluster.uid,
      userKey: renewal.nextKey,
      userJwt,
      servers: settings.AGENT_NATS_URL,
      ...(settings.AGENT_NATS_CA && { certificateAuthority: settings.AGENT_NATS_CA }),
      expiresAt,
    });
  }
}
