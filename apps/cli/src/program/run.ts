import { CommanderError } from 'commander';
import { toFault } from '@flotilla/foundation';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { chapters } from '../verbs.ts';
import type { World } from '../world.ts';
import { buildProgram, type Call } from './build-program.ts';
import { failureText } from './failure-text.ts';
import { readArguments } from './read-arguments.ts';

/** Does what a command line says, and returns the exit code. It never throws: what goes wrong is told, then counted. */
export async function run(args: readonly string[], world: World): Promise<number> {
  let call: Call | undefined;
  const program = buildProgram({ chapters, world, onCall: (made) => (call = made) });
  try {
    await program.parseAsync(readArguments(args), { from: 'user' });
    return call ? await runCall(call) : exitCodes.ok;
  } catch (error) {
    // The parser has said already what is wrong, and what was meant.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    world.stderr.write(failureText(toFault(error), {}));
    return exitCodes.failure;
  }
}

async function runCall({ verb, session, args, options }: Call): Promise<number> {
  const { world, flags } = session;
  try {
    return (await verb.run(session, args, options)) ?? exitCodes.ok;
  } catch (error) {
    if (world.signal.aborted) return exitCodes.interrupted;
    const fault = toFault(error);
    session.progress.clear();
    world.stderr.write(failureText(fault, { verbosity: flags.verbosity }));
    const code = exitCodeOf(fault.code);
    return verb.tellsDifferences && code === exitCodes.failure ? exitCodes.usage : code;
  } finally {
    session.progress.clear();
  }
}
