#!/usr/bin/env node
// Starts `flotilla` in a checkout, whatever Node it was typed under. Nothing newer than Node 18 understands.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findNode, runNode } from '../../../tools/node24.mjs';

const main = new URL('../dist/main.js', import.meta.url);

if (!existsSync(main)) {
  process.stderr.write('flotilla is not built yet; build it in the checkout with: npx tsc -b tools/tsconfig.json\n');
  process.exit(1);
}
// A second process costs a start of its own: it is for a Node that is too old.
if (findNode() === process.execPath) await import(main.href);
else process.exit(await runNode([fileURLToPath(main), ...process.argv.slice(2)]));
