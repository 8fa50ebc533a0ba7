import { subjects } from '@flotilla/contracts';
import type { Revocations } from '@flotilla/control-fleet';
import { every, toFault, type Clock, type Running } from '@flotilla/foundation';
import {
  accountGap,
  agentsAccountToken,
  nkeyFromSeed,
  type AccountGap,
  type AgentsAccount,
  type SystemLine,
} from '@flotilla/platform-bus';
import type { Logger } from '@flotilla/platform-telemetry';
import type { StatusSettings } from './settings.ts';

export interface AccountKeeperOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Pick<
    StatusSettings,
    'AGENT_SIGNING_KEY' | 'AGENT_SIGNING_KEYS_RETIRED' | 'AGENTS_ACCOUNT' | 'OPERATOR_SIGNING_KEY'
  >;
  readonly revocations: Revocations;
  readonly line: Pick<SystemLine, 'lookUp' | 'update'>;
}

const lookMs = 10_000;

/**
 * Holds the AGENTS account, as the broker has it, against the record: which keys are refused, and which key makes agents.
 * It looks again and again, because a broker that was restored, or started with an older configuration, forgets.
 */
export class AccountKeeper implements Running {
  readonly #options: AccountKeeperOptions;
  readonly #looking: Running;
  #told = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(options: AccountKeeperOptions) {
    this.#options = options;
    const { clock, logger } = options;
    const onError = (error: unknown) =>
      logger.warn({ error: toFault(error).message }, 'the AGENTS account cannot be held against the record right now');
    this.#looking = every({ clock, intervalMs: lookMs, run: () => this.look(), onError });
  }

  /** Looks now, after whatever look is under way. */
  look(): Promise<void> {
    const turn = this.#turn.then(() => this.#look());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  stop(): Promise<void> {
    return this.#looking.stop();
  }

  async #look(): Promise<void> {
    const { clock, line, revocations, settings } = this.#options;
    const revoked = await revocations.wanted(clock.now());
    const token = await line.lookUp(settings.AGENTS_ACCOUNT);
    const wanted = this.#wanted(revoked);
    const gap = accountGap(token, wanted);
    const corrected = this.#corrected(token, wanted);
    if (corrected) await this.#bring(corrected, gap);
    else if (!settings.OPERATOR_SIGNING_KEY) this.#callForHelp(gap);
    if (!corrected && gap.revoked.length > 0) return;
    await this.#enter([...revoked.keys()]);
  }

  /** A key that leaves counts until its time, also at a broker that has forgotten it. */
  #wanted(revoked: AgentsAccount['revoked']): AgentsAccount {
    const { clock, settings } = this.#options;
    const own = nkeyFromSeed(settings.AGENT_SIGNING_KEY.reveal()).publicKey;
    const before = settings.AGENT_SIGNING_KEYS_RETIRED.filter(({ key }) => key !== own);
    const stillCounts = ({ until = 0 }) => until > clock.now();
    return {
      signingKeys: [own, ...before.filter(stillCounts).map(({ key }) => key)],
      retired: before.filter((each) => !stillCounts(each)).map(({ key }) => key),
      revoked,
    };
  }

  #corrected(token: string, wanted: AgentsAccount): string | undefined {
    const { clock, settings } = this.#options;
    const { OPERATOR_SIGNING_KEY } = settings;
    if (!OPERATOR_SIGNING_KEY) return undefined;
    return agentsAccountToken(token, wanted, { operatorSeed: OPERATOR_SIGNING_KEY.reveal(), now: clock.now() });
  }

  async #bring(token: string, { signingKeys, retired }: AccountGap): Promise<void> {
    await this.#options.line.update(token);
    this.#options.logger.info({ admitted: signingKeys, withdrawn: retired }, 'the broker has a new AGENTS account');
  }

  /** What the broker was seen to refuse is entered once, not with each look. */
  async #enter(refused: readonly string[]): Promise<void> {
    const { clock, logger, revocations } = this.#options;
    const names = refused.toSorted().join(' ');
    if (names === this.#told) return;
    await revocations.refused(refused, clock.now());
    this.#told = names;
    if (refused.length > 0) logger.info({ keys: refused.length }, 'the broker refuses every key that is revoked');
  }

  /** Without a key of the operator, somebody who has one has to do it by hand. */
  #callForHelp({ revoked, signingKeys, retired }: AccountGap): void {
    const { logger, settings } = this.#options;
    const account = settings.AGENTS_ACCOUNT;
    const [up, down] = [subjects.upOf('{{name()}}'), subjects.downToOne('{{name()}}')];
    const commands = [
      ...revoked.map((key) => `nsc revocations add-user --account ${account} --user-public-key ${key}`),
      ...signingKeys.flatMap((key) => [
        `nsc edit account --name ${account} --sk ${key}`,
        `nsc edit signing-key --account ${account} --sk ${key} --role agent --allow-pub '${up}' --allow-sub '${down}'`,
      ]),
      ...retired.map((key) => `nsc edit account --name ${account} --rm-sk ${key}`),
    ];
    if (commands.length === 0) return;
    logger.error(
      { commands: commands.slice(0, 100) },
      'the broker has an AGENTS account that the record contradicts, and OPERATOR_SIGNING_KEY is not set: whoever holds the operator has to run these commands, and nsc push',
    );
  }
}
