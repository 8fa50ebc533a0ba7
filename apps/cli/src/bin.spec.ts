import { execFile } from 'node:child_process';
import { cp, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { tempFolder } from './testing/temp-folder.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const execute = promisify(execFile);

/** A checkout with nothing in it but what `bin` needs, and a build that says what it was told. */
async function checkout({ built }: { readonly built: boolean }) {
  const told = "console.log(process.env.FLOTILLA_CALLED_AS ?? 'flotilla', ...process.argv.slice(2))";
  const folder = await tempFolder(built ? { 'apps/cli/dist/main.js': told, 'package.json': '{"type":"module"}' } : {});
  await cp(`${root}apps/cli/bin`, folder.file('apps/cli/bin'), { recursive: true });
  await cp(`${root}tools/node24.mjs`, folder.file('tools/node24.mjs'));
  return folder;
}

describe.each(['flotilla', 'kubectl-flotilla'])('bin/%s.mjs', (name) => {
  it('is what package.json names, and can be run', async () => {
    const { bin } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { bin: Record<string, string> };
    const { mode } = await stat(`${root}${bin[name]}`);
    expect([bin[name], mode & 0o111]).toEqual([`apps/cli/bin/${name}.mjs`, 0o111]);
  });

  it('passes on what was typed, and what it was called', async () => {
    await using folder = await checkout({ built: true });
    const { stdout } = await execute(folder.file(`apps/cli/bin/${name}.mjs`), ['get', 'targets', '-o', 'json']);
    expect(stdout).toBe(`${name.replace('-', ' ')} get targets -o json\n`);
  });

  it('names the command that builds it', async () => {
    await using folder = await checkout({ built: false });
    const failure = await execute(folder.file(`apps/cli/bin/${name}.mjs`)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stderr: 'flotilla is not built yet; build it in the checkout with: npx tsc -b tools/tsconfig.json\n',
    });
  });
});
