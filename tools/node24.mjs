// Runs a program under Node 24, whatever Node started us. No dependencies, and nothing newer than Node 18 understands:
// this is the first thing that runs on a machine that may have nothing else.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const majorWanted = 24;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** The path of a Node that is new enough: this one, or the one that npm installed beside us; nothing when there is none. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= majorWanted) return process.execPath;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch {
    return undefined;
  }
}

/** Runs `node ARGS` with a Node that is new enough, passes signals on, and resolves to the exit code. */
export function runNode(args, options = {}) {
  const node = findNode();
  if (!node) {
    process.stderr.write(
      `flotilla needs Node ${majorWanted} or newer, and this is ${process.version}. In a checkout run: npm ci\n` +
        `Elsewhere install it with: npm install -g node@${majorWanted}\n`,
    );
    return Promise.resolve(1);
  }
  // npm scripts and child processes shall find the same Node by its name.
  const path = [dirname(node), process.env.PATH].filter(Boolean).join(':');
  const child = spawn(node, args, {
    stdio: 'inherit',
    ...options,
    env: { ...(options.env ?? process.env), PATH: path },
  });
  return new Promise((resolve) => {
    // A terminal sends Ctrl-C to both of us; the child decides when it is done.
    const forward = (signal) => void child.kill(signal);
    for (const signal of signals) process.on(signal, forward);
    child.once('error', (error) => {
      process.stderr.write(`cannot start ${node}: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15));
    });
  });
}
