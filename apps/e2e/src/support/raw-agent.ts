import { FlotillaClient } from '@flotilla/client';
import {
  operations,
  receiptSchema,
  setSchema,
  signedBytes,
  subjects,
  type EnrolAnswer,
  type Renewal,
  type RenewRequest,
  type SetMessage,
} from '@flotilla/contracts';
import { isoTime, systemClock } from '@flotilla/foundation';
import { noFence, type DesiredEntry, type Fence, type TargetStatus } from '@flotilla/model';
import {
  connectBus,
  createNkey,
  readNatsClaims,
  type Bus,
  type BusMessage,
  type Nkey,
  type UserCredentials,
} from '@flotilla/platform-bus';

/** A client of the agent protocol without a cluster behind it: it says and hears what a test wants it to. */
export class RawAgent {
  readonly identity: EnrolAnswer;
  readonly user: Nkey;
  readonly bus: Bus;
  readonly sets: SetMessage[] = [];
  readonly receipts: number[] = [];
  readonly raw: BusMessage[] = [];
  /** What it says of itself that it can do. */
  features: readonly string[] = [];
  #number = systemClock.now();
  /** Of so many sets it has said how their entries are. */
  #reported = 0;

  private constructor({ identity, user, bus }: Pick<RawAgent, 'identity' | 'user' | 'bus'>) {
    this.identity = identity;
    this.user = user;
    this.bus = bus;
  }

  /** Enrols a new cluster through the front door and connects with what it was given. */
  static async enrol(
    client: FlotillaClient,
    url: string,
    cluster: { name: string; labels: Record<string, string> },
  ): Promise<RawAgent> {
    const { token } = await client.call(operations.joinCluster, { params: { project: 'default' }, body: cluster });
    const user = createNkey('user');
    const door = new FlotillaClient({ server: url });
    const body = { token, userKey: user.publicKey, kubernetesUid: cluster.name };
    const identity = await door.call(operations.enrol, { body });
    const credentials = { jwt: identity.userJwt, seed: user.seed };
    const bus = await connectBus({ servers: identity.servers, credentials, name: cluster.name });
    const agent = new RawAgent({ identity, user, bus });
    bus.subscribe(subjects.downToOne(identity.cluster), { onMessage: (message) => agent.#heard(message) });
    await bus.flush();
    return agent;
  }

  get credentials(): UserCredentials {
    return { jwt: this.identity.userJwt, seed: this.user.seed };
  }

  /** How an agent asks that another key speaks in place of the one it has; `change` lies about some of it. */
  renewal(nextUser: Nkey, change: Partial<Renewal> = {}, signedBy: Nkey = this.user): RenewRequest {
    const account = readNatsClaims(this.identity.userJwt).nats['issuer_account'] as string;
    const { cluster, name } = this.identity;
    const userKey = this.user.publicKey;
    const at = isoTime(systemClock.now());
    const said = { at, account, cluster, kubernetesUid: name, userKey, nextKey: nextUser.publicKey, ...change };
    const renewal = JSON.stringify(said);
    const bytes = signedBytes('renewal', Buffer.from(renewal));
    const by = (key: Nkey) => Buffer.from(key.sign(bytes)).toString('base64url');
    return { renewal, signature: by(signedBy), nextSignature: by(nextUser) };
  }

  hello(fence: Fence = noFence, statusDigest = ''): void {
    this.#say('hello', {
      protocol: { oldest: 1, newest: 1 },
      fence,
      setDigest: '',
      statusDigest,
      facts: { kubernetesVersion: 'v1.34.4', agentVersion: '0.1.0', agentFeatures: this.features },
    });
  }

  /** Reports and returns the number to wait a receipt for. */
  report(items: TargetStatus[], statusDigest = 'some'): number {
    this.#number++;
    this.#say('report', { number: this.#number, items, statusDigest, fence: this.#held() });
    return this.#number;
  }

  /** The status of an entry that is applied and well. */
  well(entry: DesiredEntry, over: Partial<TargetStatus> = {}): TargetStatus {
    const now = isoTime(systemClock.now());
    const { target, generation, release, sourceDigest, source } = entry;
    const applied = { revision: source.revision, release, sourceDigest, appliedAt: now };
    return { target, generation, ...applied, sync: 'Synced', health: 'Healthy', since: now, resources: [], ...over };
  }

  /** Says of everything that it was told since it last did so that it is applied and well. */
  keepWell(): void {
    const news = this.sets.slice(this.#reported);
    this.#reported = this.sets.length;
    const items = news.flatMap(({ entries }) => entries.map((entry) => this.well(entry)));
    if (items.length > 0) this.report(items);
  }

  /** The commit that it was last told to run in an environment. */
  standsIn(environment: string): string | undefined {
    const entries = this.sets.flatMap((set) => set.entries);
    return entries.findLast((entry) => entry.environment === environment)?.source.revision;
  }

  #held(): Fence {
    const newest = this.sets.at(-1);
    return newest ? { epoch: newest.epoch, generation: newest.generation } : noFence;
  }

  stop(): Promise<void> {
    return this.bus.stop();
  }

  #say(kind: 'hello' | 'report', body: object): void {
    const message = { v: 1, at: isoTime(systemClock.now()), instance: 'raw', leaseTransitions: 1, ...body };
    this.bus.publish(subjects.up(this.identity.cluster, kind), Buffer.from(JSON.stringify(message)));
  }

  #heard(message: BusMessage): void {
    this.raw.push(message);
    const body: unknown = JSON.parse(Buffer.from(message.data).toString());
    if (message.subject.endsWith('.set')) this.sets.push(setSchema.parse(body));
    if (message.subject.endsWith('.receipt')) this.receipts.push(receiptSchema.parse(body).number);
  }
}
