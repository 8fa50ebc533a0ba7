import { readFile } from 'node:fs/promises';
import { Fault, Redacted, toFault } from '@flotilla/foundation';
import type { World } from '../world.ts';

/**
 * A secret from a file, or from what is sent in when the file is `-` or not named. A person at a keyboard is asked, and
 * does not see what they type. It never comes from a flag: those stand in the list of processes.
 */
export async function readSecret(
  { stdin, stderr }: Pick<World, 'stdin' | 'stderr'>,
  { what, file }: { readonly what: string; readonly file: string | undefined },
): Promise<Redacted> {
  const text = file === undefined || file === '-' ? await sent({ stdin, stderr }, what) : await kept(file, what);
  const secret = text.replace(/\r?\n$/, '');
  if (secret.trim() !== '') return new Redacted(secret);
  throw invalid(`${what}: ${file ?? 'what was sent in'} is empty`);
}

async function sent({ stdin, stderr }: Pick<World, 'stdin' | 'stderr'>, what: string): Promise<string> {
  if (!stdin.isTerminal) return stdin.text();
  stderr.write(`${what}: `);
  const typed = await stdin.secret();
  stderr.write('\n');
  return typed;
}

function kept(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw invalid(`${what}: ${file} cannot be read: ${toFault(error).message}`);
  });
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'SecretInvalid', message });
}
