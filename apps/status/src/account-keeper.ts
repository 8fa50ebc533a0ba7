import type { Revocations } from '@flotilla/control-fleet';
import { every, toFault, type Clock, type Running } from '@flotilla/foundation';
import { agentsAccountToken, nkeyFromSeed, revokedIn, type SystemLine } from '@flotilla/platform-bus';
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
    const missing = [...revoked.keys()].filter((key) => !revokedIn(token).has(key));
    const wanted = this.#corrected(token, revoked);
    if (wanted) await line.update(wanted);
    else if (missing.length > 0) return this.#callForHelp(missing);
    await this.#enter([...revoked.keys()]);
  }

  #corrected(token: string, revoked: ReadonlyMap<string, number>): string | undefined {
    const { clock, settings } = this.#options;
    const { AGENT_SIGNING_KEY, AGENT_SIGNING_KEYS_RETIRED: retired, OPERATOR_SIGNING_KEY } = settings;
    if (!OPERATOR_SIGNING_KEY) return undefined;
    const signingKey = nkeyFromSeed(AGENT_SIGNING_KEY.reveal()).publicKey;
    const by = { operatorSeed: OPERATOR_SIGNING_KEY.reveal(), now: clock.now() };
    return agentsAccountToken(token, { signingKeys: [signingKey], retired, revoked }, by);
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

  #callForHelp(keys: readonly string[]): void {
    const { logger, settings } = this.#options;
    const example = `nsc revocations add-user --account ${settings.AGENTS_ACCOUNT} --user-public-key ${keys[0]}`;
    logger.error(
      { keys: keys.slice(0, 100) },
      `the broker still lets revoked keys in: OPERATOR_SIGNING_KEY is not set, so whoever holds the operator has to run ${example}, for each key, and nsc push`,
    );
  }
}
