import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Fault, type Running } from '@flotilla/foundation';
import { natsOptions, type BusOptions } from './connection.ts';
import { systemSubjects } from './identity/accounts.ts';

/** The line to the broker itself, on which tokens of accounts are read and replaced. */
export interface SystemLine extends Running {
  /** The token that the broker goes by. */
  lookUp(account: string): Promise<string>;
  /** Brings a newer token. The broker acts on it at once: whoever it refuses is cut off. */
  update(token: string): Promise<void>;
}

const answerTimeoutMs = 5_000;

/** Connects as a user of the system account, and waits for a broker as long as it takes. */
export async function connectSystem(options: BusOptions): Promise<SystemLine> {
  const connection = await connect(natsOptions(options));
  return {
    lookUp: async (account) => {
      const token = await ask(connection, systemSubjects.lookUp(account), '');
      if (token) return token;
      throw refused(`it knows no account ${account}`);
    },
    update: async (token) => {
      const answer = JSON.parse(await ask(connection, systemSubjects.update, token)) as UpdateAnswer;
      if (answer.data?.code !== 200) throw refused(answer.error?.description ?? 'no reason was given');
    },
    stop: () => connection.close(),
  };
}

interface UpdateAnswer {
  readonly data?: { readonly code: number };
  readonly error?: { readonly description: string };
}

async function ask(connection: NatsConnection, subject: string, text: string): Promise<string> {
  try {
    return (await connection.request(subject, text, { timeout: answerTimeoutMs })).string();
  } catch (cause) {
    const message = `the broker does not answer ${subject}`;
    throw new Fault({ code: 'unavailable', reason: 'BrokerUnreachable', message, cause });
  }
}

function refused(why: string): Fault {
  return new Fault({ code: 'conflict', reason: 'AccountRefused', message: `the broker refused an account: ${why}` });
}
