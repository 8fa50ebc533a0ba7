import {
  protocol,
  signedBytes,
  subjects,
  type RenewAnswer,
  type Renewal,
  type RenewRequest,
  type SignedText,
} from '@flotilla/contracts';
import {
  every,
  Fault,
  isoTime,
  jittered,
  Redacted,
  toFault,
  type Clock,
  type Random,
  type Running,
} from '@flotilla/foundation';
import type { HeldIdentity } from '../keep/held-identity.ts';
import type { Identity } from '../keep/identity-keeper.ts';
import type { ControlLine, ReceivedOrder } from '../ports/control-line.port.ts';
import type { UserKey } from './enrol-agent.ts';
import { takeKeyList } from './take-key-list.ts';
import { readUserJwt, type UserClaims } from './user-jwt.ts';
import { trustOf, verifyCredential } from './verify-order.ts';

/** What it takes to get another identity: keys, and the door beside the broker's. */
export interface RenewalPorts {
  readonly createKey: () => UserKey;
  readonly keyOf: (seed: Redacted) => UserKey;
  /** Asks at the control plane's front door, which is open when the broker's is shut. */
  readonly knock: (frontDoor: string, request: RenewRequest) => Promise<RenewAnswer>;
  /** From here on the broker is dialled with this one. */
  readonly onRenewed: (identity: Identity) => void;
}

export interface RenewalOptions extends RenewalPorts {
  readonly identity: HeldIdentity;
  readonly kubernetesUid: string;
  readonly line: ControlLine;
  /** Only who holds the Lease may have the identity changed. */
  readonly mayAsk: () => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly onRefused: (why: string) => void;
}

const lookMs = 10_000;
/** As long as this without the broker, and the identity may be what stands in the way. */
const shutOutMs = 120_000;
/** An identity younger than this is not what stands in the way. */
const youngMs = 3_600_000;
const patienceMs = { first: 10_000, max: 600_000 };

/**
 * Asks for another identity in good time, with a key that was made and kept before it was named: an answer that is lost
 * is asked for again with the same key. Asked over the broker, and at the front door when the broker keeps us out.
 */
export class IdentityRenewal implements Running {
  readonly #options: RenewalOptions;
  readonly #looking: Running;
  /** Agents that were enrolled together do not come together. */
  readonly #lateness: number;
  #connectedAt: number;
  #notBefore = 0;
  #failures = 0;

  constructor(options: RenewalOptions) {
    const { clock, random, onRefused } = options;
    this.#options = options;
    this.#lateness = random.next() / 10;
    this.#connectedAt = clock.now();
    this.#looking = every({
      clock,
      intervalMs: () => jittered(lookMs, 0.2, random),
      run: () => this.#look(),
      onError: (error) => onRefused(toFault(error).message),
    });
  }

  /** A credential came: for the key that was named, or it is not for us. */
  async take(order: ReceivedOrder): Promise<void> {
    const { clock, identity, keyOf, onRefused, onRenewed } = this.#options;
    const verified = verifyCredential(order, trustOf(identity.current, { now: clock.now() }));
    if (!verified.ok) return onRefused(verified.reason);
    const { userKey, userJwt, servers, certificateAuthority, expiresAt } = verified.value;
    const { nextSeed } = identity.current;
    // Sent again, or to another instance of this agent: nothing to do.
    if (!nextSeed || keyOf(nextSeed).publicKey !== userKey) return;
    const renewed = await identity.change(({ nextSeed: _, certificateAuthority: _before, ...rest }) => ({
      ...rest,
      userJwt,
      userSeed: nextSeed,
      servers,
      expiresAt,
      ...(certificateAuthority && { certificateAuthority }),
    }));
    onRenewed(renewed);
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }

  async #look(): Promise<void> {
    const { clock, identity, line, mayAsk } = this.#options;
    const now = clock.now();
    if (line.connected) this.#connectedAt = now;
    const claims = readUserJwt(identity.current.userJwt);
    if (!claims || now < this.#notBefore || !mayAsk() || !this.#isDue(claims, now)) return;
    this.#notBefore = now + patienceMs.first;
    const request = await this.#request(claims);
    if (line.send('renew', { v: protocol.version, at: isoTime(now), ...request })) return;
    if (line.refused || now >= claims.expiresAt || now - this.#connectedAt >= shutOutMs) await this.#knock(request);
  }

  /** From the first third of its life on; earlier when the broker does not take it. */
  #isDue({ issuedAt, expiresAt }: UserClaims, now: number): boolean {
    const life = expiresAt - issuedAt;
    if (now >= issuedAt + life * (1 / 3 + this.#lateness)) return true;
    const isShutOut = this.#options.line.refused || now - this.#connectedAt >= shutOutMs;
    return isShutOut && now - issuedAt >= Math.min(youngMs, life / 3);
  }

  async #request({ account, userKey }: UserClaims): Promise<RenewRequest> {
    const { clock, createKey, identity, keyOf, kubernetesUid } = this.#options;
    const held = await identity.change((before) =>
      before.nextSeed ? undefined : { ...before, nextSeed: new Redacted(createKey().seed) },
    );
    const [key, nextKey] = [keyOf(held.userSeed), keyOf(held.nextSeed!)];
    const at = isoTime(clock.now());
    const said: Renewal = { at, account, cluster: held.cluster, kubernetesUid, userKey, nextKey: nextKey.publicKey };
    const renewal = JSON.stringify(said);
    const bytes = signedBytes('renewal', Buffer.from(renewal));
    const signedBy = ({ sign }: UserKey) => Buffer.from(sign(bytes)).toString('base64url');
    return { renewal, signature: signedBy(key), nextSignature: signedBy(nextKey) };
  }

  async #knock(request: RenewRequest): Promise<void> {
    const { clock, identity, knock, random } = this.#options;
    const { frontDoor } = identity.current;
    if (!frontDoor) throw noFrontDoor();
    try {
      const { credential, keyLists } = await knock(frontDoor, request);
      for (const list of keyLists) await takeKeyList(this.#received('keys', list), { identity, now: clock.now() });
      await this.take(this.#received('credential', credential));
      this.#failures = 0;
    } catch (error) {
      const patience = Math.min(patienceMs.max, patienceMs.first * 2 ** this.#failures++);
      this.#notBefore = clock.now() + jittered(patience, 0.3, random);
      throw error;
    }
  }

  #received(kind: 'keys' | 'credential', { text, signature }: SignedText): ReceivedOrder {
    const subject = subjects.down(this.#options.identity.current.cluster, kind);
    return { kind, subject, data: new TextEncoder().encode(text), signature, traceparent: undefined };
  }
}

function noFrontDoor(): Fault {
  const message = 'the broker keeps this agent out, and it does not know the front door: set FLOTILLA_URL';
  return new Fault({ code: 'unavailable', reason: 'FrontDoorUnknown', message });
}
