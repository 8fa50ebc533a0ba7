import { enableCompileCache } from 'node:module';

// Before anything else is read: what was compiled once need not be compiled again.
enableCompileCache();

const { processWorld, written } = await import('./process-world.ts');
const { run } = await import('./program/run.ts');

const code = await run(process.argv.slice(2), processWorld());
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(code);
