import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const noteEveryModule = `
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
  await import(process.argv[1]);
`;

it('an agent carries no large part that it does not use: one import elsewhere would cost every cluster 30 MB', async () => {
  const whole = new URL('run-agent.ts', import.meta.url).href;
  const flags = ['--conditions=source', '--input-type=module', '--eval', noteEveryModule, whole];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const loaded = stdout.trim().split('\n');
  expect(loaded).toContain(whole);
  const large = /client-node|undici\/index\.js|undici\/lib\/web|isomorphic-git|@opentelemetry\/sdk|@nestjs|typeorm/;
  expect(loaded.filter((url) => large.test(url))).toEqual([]);
});
