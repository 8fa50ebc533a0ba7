import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const noteEveryModule = `
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
  await import(process.argv[1]);
`;

/** Every module that comes along when one is imported, itself included, seen in a process that loads nothing else. */
export async function loadedModules(url: string): Promise<readonly string[]> {
  const flags = ['--conditions=source', '--input-type=module', '--eval', noteEveryModule, url];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  return stdout.trim().split('\n');
}
