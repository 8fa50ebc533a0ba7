import { Fault } from '@flotilla/foundation';

interface Trouble {
  /** The beginning of an SQLSTATE, what Node says of a socket, or what the driver says for want of a code. */
  readonly when: RegExp;
  readonly reason: string;
  readonly message: string;
}

/**
 * What PostgreSQL and the way to it may have: the one table from SQLSTATE to what it means for us. All of it passes, by
 * itself or once a person has looked after the database; so everybody tries again, and nobody is told of a defect of ours.
 */
const troubles: readonly Trouble[] = [
  {
    when: /^(40001|40P01)$/,
    reason: 'DatabaseContended',
    message: 'others were writing the same rows at the same time; try again',
  },
  {
    when: /^(55P03|53300|timeout exceeded when trying to connect)/,
    reason: 'DatabaseBusy',
    message: 'the database has too much to do right now; try again in a moment',
  },
  {
    when: /^57014$/,
    reason: 'DatabaseSlow',
    message: 'the database took too long to answer; try again in a moment',
  },
  {
    when: /^(53100|53200|53400|54)/,
    reason: 'DatabaseFull',
    message: 'the database has no room left: what was accepted is kept, and nothing new can be until it has room again',
  },
  {
    when: /^25006$/,
    reason: 'DatabaseReadOnly',
    message: 'the database takes no writes: it is a replica, or was set read-only; try again once a primary answers',
  },
  {
    when: /^(28|3D000|42501)/,
    reason: 'DatabaseRefused',
    message: 'the database does not let us in: user, password, name and rights of DATABASE_URL have to be right',
  },
  {
    when: /^(58|XX00[12])/,
    reason: 'DatabaseDamaged',
    message: 'the database cannot read or write its own files; its log says more',
  },
  {
    // A connection that broke between two statements of a transaction is given back by TypeORM, which then says so.
    when: /^(08|57P|25P03|E[A-Z_]+$|Connection terminated|Query read timeout|Client (was|has)|.*query runner.* already released)/i,
    reason: 'DatabaseAway',
    message: 'the database does not answer right now; try again in a moment',
  },
];

/** What went wrong with the database, as a fault; what nobody expected comes back as it was thrown. */
export function databaseFault(thrown: unknown): unknown {
  if (thrown instanceof Fault || !(thrown instanceof Error)) return thrown;
  const { code } = thrown as { readonly code?: unknown };
  const said = typeof code === 'string' ? code : thrown.message;
  const trouble = troubles.find(({ when }) => when.test(said));
  if (!trouble) return thrown;
  const { reason, message } = trouble;
  return new Fault({ code: 'unavailable', reason, message, cause: thrown });
}

/** PostgreSQL chose this transaction to give way to another: run again, it may well go through. */
export function gaveWay(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.reason === 'DatabaseContended';
}

/** The line broke while a commit was on its way: only the database knows what became of it. */
export function commitFault(thrown: unknown): unknown {
  if (!(thrown instanceof Fault) || thrown.reason !== 'DatabaseAway') return thrown;
  return new Fault({
    code: 'unavailable',
    reason: 'CommitUnknown',
    message:
      'the database went away while this was written, so it may have taken effect or not; look, or send it again with the same Idempotency-Key',
    cause: thrown,
  });
}

/** Whether the connection that this came over is of no use any more, although it may look open. */
export function isLineDead(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message === 'Query read timeout';
}
