import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redacted } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import {
  accountTokens,
  agentsAccountToken,
  createBrokerKeys,
  createNkey,
  nkeyFromSeed,
  readNatsClaims,
} from '@flotilla/platform-bus';
import { AccountKeeper } from './account-keeper.ts';

const keys = createBrokerKeys();
const own = nkeyFromSeed(keys.agentSigning).publicKey;
const account = nkeyFromSeed(keys.agentsAccount).publicKey;
const [stolen, other] = [createNkey('user').publicKey, createNkey('user').publicKey];
let clock: VirtualClock;
let broker: Trouble;
let token: string;
let updates: number;
let wanted: Map<string, number>;
let entered: string[][];
/** What people were asked to do by hand. */
let asked: unknown[];
let keeper: AccountKeeper | undefined;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  broker = new Trouble();
  token = asItWas();
  updates = 0;
  wanted = new Map();
  entered = [];
  asked = [];
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
    logger: {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: ({ commands }: { commands?: unknown }) => void asked.push(commands),
    },
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

const nothing = () => undefined;

/** The account as a broker has it that `status` has looked at once. */
function asItWas(): string {
  const fresh = accountTokens(keys, 0).accounts[account]!;
  const nothingSpecial = { signingKeys: [own], retired: [], revoked: new Map<string, number>() };
  return agentsAccountToken(fresh, nothingSpecial, { operatorSeed: keys.operatorSigning, now: 0 })!;
}

const claims = () => readNatsClaims(token);
const signers = () => (claims().nats['signing_keys'] as { key: string }[]).map(({ key }) => key);

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

  it('a new key that makes agents stands beside the old one until its time, also at a broker that forgot it', async () => {
    const next = createNkey('account');
    const until = clock.now() + 60_000;
    open({ AGENT_SIGNING_KEY: new Redacted(next.seed), AGENT_SIGNING_KEYS_RETIRED: [{ key: own, until }] });
    await clock.advance(20_000);
    const beside = [signers(), updates];
    token = asItWas();
    await clock.advance(10_000);
    const again = [signers(), updates];
    await clock.advance(40_000);
    expect([beside, again, [signers(), updates]]).toEqual([
      [[next.publicKey, own], 1],
      [[next.publicKey, own], 2],
      [[next.publicKey], 3],
    ]);
  });

  it('one that is retired without a time counts no more; the one that makes agents does, once, whatever is said of it', async () => {
    const next = createNkey('account');
    const retired = [{ key: own }, { key: next.publicKey, until: clock.now() + 60_000 }];
    await open({ AGENT_SIGNING_KEY: new Redacted(next.seed), AGENT_SIGNING_KEYS_RETIRED: retired }).look();
    expect(signers()).toEqual([next.publicKey]);
  });

  it('is signed anew, with all that it says, by an operator who came after the one who signed it', async () => {
    wanted.set(stolen, clock.now());
    await open().look();
    await keeper!.stop();
    const [said, successor] = [claims().nats, createNkey('operator')];
    await open({ OPERATOR_SIGNING_KEY: new Redacted(successor.seed) }).look();
    expect([claims().iss, claims().nats]).toEqual([successor.publicKey, said]);
  });

  it('without the operator, whoever holds it is told the command for each thing that is missing', async () => {
    wanted.set(stolen, clock.now());
    const next = createNkey('account');
    await open({
      OPERATOR_SIGNING_KEY: undefined,
      AGENT_SIGNING_KEY: new Redacted(next.seed),
      AGENT_SIGNING_KEYS_RETIRED: [{ key: own }],
    }).look();
    const scope = "--allow-pub 'fleet.{{name()}}.up.>' --allow-sub 'fleet.{{name()}}.down.>'";
    expect([updates, asked[0]]).toEqual([
      0,
      [
        `nsc revocations add-user --account ${account} --user-public-key ${stolen}`,
        `nsc edit account --name ${account} --sk ${next.publicKey}`,
        `nsc edit signing-key --account ${account} --sk ${next.publicKey} --role agent ${scope}`,
        `nsc edit account --name ${account} --rm-sk ${own}`,
      ],
    ]);
  });
});
