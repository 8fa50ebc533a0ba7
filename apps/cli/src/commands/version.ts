import { operations, type OperationResponse } from '@flotilla/contracts';
import { toFault } from '@flotilla/foundation';
import { outputOption } from '../output/output-option.ts';
import { structured } from '../output/structured.ts';
import { visible } from '../output/visible.ts';
import { defineVerb } from '../program/verb.ts';
import type { Session } from '../session.ts';
import { cliVersion } from '../version.ts';

interface VersionOptions {
  readonly client?: boolean;
  readonly output?: 'json' | 'yaml';
}

type ServerVersion = OperationResponse<typeof operations.version>;

/** The versions of both sides, and a warning when they are too far apart. */
export const version = defineVerb<VersionOptions>({
  examples: ['version', 'version --client', 'version -o json'],
  declare: (command) => void command.option('--client', 'of this program only').addOption(outputOption('json', 'yaml')),
  run: async (session, _, { client = false, output }) => {
    if (!output) session.print(`client: ${cliVersion}`);
    const server = client ? undefined : await serverVersion(session);
    if (output) session.printExact(await structured({ client: { version: cliVersion }, server }, output));
    else if (server) session.print(`server: ${visible(server.version)}`);
    if (server && minorsApart(server.version) > 1) {
      session.note(`warning: ${cliVersion} and ${visible(server.version)} are more than one minor version apart`);
    }
  },
});

/** Nothing when no control plane is named: the client's own version is an answer then. */
async function serverVersion(session: Session): Promise<ServerVersion | undefined> {
  try {
    const { client } = await session.api();
    return await client.call(operations.version, {});
  } catch (error) {
    const fault = toFault(error);
    if (fault.reason !== 'ServerMissing') throw fault;
    session.note(fault.message);
    return undefined;
  }
}

function minorsApart(server: string): number {
  const [ours, theirs] = [cliVersion, server].map((text) => text.split('.').map(Number));
  return ours![0] === theirs![0] ? Math.abs(ours![1]! - theirs![1]!) : Infinity;
}
