import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redacted } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { accountTokens, createBrokerKeys, createNkey, nkeyFromSeed, readNatsClaims } from '@flotilla/platform-bus';
import { createLogger } from '@flotilla/platform-telemetry';
import { AccountKeeper } from './account-keeper.ts';

const keys = createBrokerKeys();
const account = nkeyFromSeed(keys.agentsAccount).publicKey;
const [stolen, other] = [createNkey('user').publicKey, createNkey('user').publicKey];
let clock: VirtualClock;
let broker: Trouble;
let token: string;
let updates: number;
let wanted: Map<string, number>;
let entered: string[][];
let keeper: AccountKeeper | undefined;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  broker = new Trouble();
  token = accountTokens(keys, 0).accounts[account]!;
  updates = 0;
  wanted = new Map();
  entered = [];
});
afterEach(() => keeper?.stop());

function open(settings: Partial<ConstructorParameters<typeof AccountKeeper>[0]['settings']> = {}): AccountKeeper {
  const line = {
    lookUp: async () => token,
    update: async (next: string) => {
      updates++;
      token = next;
    },
  };
  keeper = new AccountKeeper({
    clock,
    logger: createLogger({ service: 'status', level: 'error' }),
    settings: {
      AGENT_SIGNING_KEY: new Redacted(keys.agentSigning),
      AGENT_SIGNING_KEYS_RETIRED: [],
      AGENTS_ACCOUNT: account,
      OPERATOR_SIGNING_KEY: new Redacted(keys.operatorSigning),
      ...settings,
    },
    revocations: {
      wanted: async () => wanted,
      refused: async (userKeys) => void entered.push([...userKeys]),
    },
    line: broker.over(line),
  });
  return keeper;
}

const claims = () => readNatsClaims(token);
const signers = () => (claims().nats['signing_keys'] as { key: string }[]).map(({ key }) => key);
const own = nkeyFromSeed(keys.agentSigning).publicKey;

describe('AT-26: the account of agents is held against the record', () => {
  it('and left alone as long as it says what the record says', async () => {
    open();
    await clock.advance(60_000);
    expect([updates, entered]).toEqual([0, []]);
  });

  it('a key that is revoked is entered at once, by a signing key of the operator, and once on record', async () => {
    await open().look();
    wanted.set(stolen, clock.now());
    await keeper!.look();
    await clock.advance(60_000);
    expect([claims().iss, claims().nats.revocations, updates, entered]).toEqual([
      nkeyFromSeed(keys.operatorSigning).publicKey,
      { [stolen]: clock.now() / 1_000 - 60 },
      1,
      [[stolen]],
    ]);
  });

  it('a broker that forgets is told again, and what somebody entered by hand stays', async () => {
    wanted.set(stolen, clock.now());
    await open().look();
    const before = token;
    token = accountTokens(keys, clock.now() + 5_000).accounts[account]!;
    await clock.advance(11_000);
    expect([updates, claims().nats.revocations, claims().iat > readNatsClaims(before).iat]).toEqual([
      2,
      { [stolen]: Date.UTC(2026, 0, 1) / 1_000 },
      true,
    ]);
    wanted = new Map([[other, clock.now()]]);
    await keeper!.look();
    expect(Object.keys(claims().nats.revocations!).toSorted()).toEqual([stolen, other].toSorted());
  });

  it('a broker that is away is told when it is back, and nothing is said to be refused before', async () => {
    broker.fail();
    wanted.set(stolen, clock.now());
    open();
    await clock.advance(30_000);
    expect([updates, entered]).toEqual([0, []]);
    broker.recover();
    await clock.advance(10_000);
    expect([updates, entered]).toEqual([1, [[stolen]]]);
  });

  it('without the operator nothing is pushed, and what the broker still lets in is not said to be refused', async () => {
    wanted.set(stolen, clock.now());
    await open({ OPERATOR_SIGNING_KEY: undefined }).look();
    expect([updates, entered]).toEqual([0, []]);
  });

  it('a new key that makes agents stands beside the old one, until that is retired', async () => {
    const next = createNkey('account');
    await open({ AGENT_SIGNING_KEY: new Redacted(next.seed) }).look();
    const beside = signers();
    await keeper!.stop();
    await open({ AGENT_SIGNING_KEY: new Redacted(next.seed), AGENT_SIGNING_KEYS_RETIRED: [own] }).look();
    expect([beside, signers()]).toEqual([[own, next.publicKey], [next.publicKey]]);
  });
});
