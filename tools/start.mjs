// The one way in: `node tools/start.mjs COMMAND [options]`, which is what every npm script calls. It installs what is
// missing, builds what is out of date, and runs the command under Node 24. No dependencies: it runs before there are any.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNode, runNode } from './node24.mjs';

const root = new URL('..', import.meta.url).pathname;
/** What Node made of each file when it was loaded last: threads and processes that load the same do so in half the time. */
const compiled = join(root, 'node_modules', '.cache', 'node-compile');
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '-c', 'tools/vitest.config.ts'];

/** What each command runs once everything is installed; `built` ones need the compiled tree. */
const commands = {
  demo: { built: true, args: (rest) => ['--enable-source-maps', 'apps/dev/dist/main.js', ...rest] },
  test: { built: true, args: (rest) => ['tools/test.ts', ...rest] },
  unit: { built: false, args: (rest) => [...vitest, '--project', 'unit', ...rest] },
  check: { built: false, args: (rest) => ['tools/check.ts', ...rest] },
  envtest: { built: true, args: (rest) => ['--enable-source-maps', 'apps/dev/dist/envtest.js', ...rest] },
  'peer-cases': { built: false, args: (rest) => ['--conditions=source', 'tools/peer-cases/run.ts', ...rest] },
  'envtest:install': { built: false, args: (rest) => ['tools/envtest/install.ts', ...rest] },
  'programs:install': { built: false, args: (rest) => ['tools/deploy-programs/install.ts', ...rest] },
  promises: { built: false, args: (rest) => ['tools/promises.ts', ...rest] },
  dashboards: {
    built: false,
    args: (rest) => ['--conditions=source', 'tools/monitoring/check.ts', '--write', ...rest],
  },
  keys: { built: true, args: (rest) => ['apps/dev/dist/keys.js', ...rest] },
  fleet: { built: true, args: (rest) => ['--enable-source-maps', 'apps/e2e/dist/fleet/main.js', ...rest] },
  sim: { built: false, args: (rest) => ['--conditions=source', 'apps/e2e/src/simulation/main.ts', ...rest] },
  bench: { built: true, args: (rest) => ['--enable-source-maps', 'apps/e2e/dist/bench/main.js', ...rest] },
};

process.exit(await main(process.argv.slice(2)));

async function main([name, ...rest]) {
  const command = commands[name];
  if (!command) {
    process.stderr.write(`usage: node tools/start.mjs ${Object.keys(commands).join('|')} [options]\n`);
    return 2;
  }
  if (Number(process.versions.node.split('.')[0]) < 20) {
    process.stderr.write(`Node 20 or newer is needed to start, and this is ${process.version}\n`);
    return 1;
  }
  process.chdir(root);
  if (!(await install())) return 1;
  if (command.built && !(await build())) return 1;
  const env = { ...process.env, NX_DAEMON: 'false', NODE_COMPILE_CACHE: compiled };
  return runNode(command.args(rest), { cwd: root, env });
}

/** Installs exactly what the lock names, when that is not what is there. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const mark = join(root, 'node_modules', '.flotilla-installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted && findNode()) return true;
  return timed('installing dependencies (once)', () => {
    if (!npm(['ci'])) {
      process.stderr.write('npm ci failed; mend what it says above and start again\n');
      return false;
    }
    // Under an older Node npm leaves out optional packages that want a newer one, without a word. That Node has just
    // come with the others, so what is missing is added under it.
    if (findNode() !== process.execPath && !npm(['install', '--no-save'])) return false;
    writeFileSync(mark, wanted);
    return true;
  });
}

function npm(words) {
  const PATH = [findNode() && dirname(findNode()), process.env.PATH].filter(Boolean).join(':');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync('npm', [...words, ...quiet], { cwd: root, stdio: 'inherit', env: { ...process.env, PATH } });
  return result.status === 0;
}

/** Nx knows what is out of date; when nothing is, this takes a second. */
async function build() {
  const args = ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'compile', 'build', '--output-style=static'];
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' };
  return timed('building', async () => {
    const output = { stdio: ['ignore', 'pipe', 'pipe'], cwd: root, env };
    const result = spawnSync(findNode(), args, { ...output, encoding: 'utf8' });
    if (result.status === 0) return true;
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}\nthe build failed\n`);
    return false;
  });
}

async function timed(what, work) {
  const begun = Date.now();
  const done = await work();
  const seconds = (Date.now() - begun) / 1000;
  if (done && seconds > 2) process.stdout.write(`  ✓ ${what}  ${seconds.toFixed(1)} s\n`);
  return done;
}
