import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { program } from '@flotilla/testing';
import type { LocalImage } from './agent-kubelet.ts';

const built = dirname(program('agent'));
const root = join(built, '../../..');

/** The agent as it is built here. */
export const agentImage: LocalImage = { program: program('agent') };

/** The agent as its next version would be built: the same program, that says another version of itself. */
export async function buildAgent(directory: string, version: string): Promise<LocalImage> {
  const dist = join(directory, `agent-${version}`, 'dist');
  await mkdir(dirname(dist), { recursive: true });
  await cp(built, dist, { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, `agent-${version}`, 'node_modules'));
  await writeFile(join(directory, `agent-${version}`, 'package.json'), '{"type": "module"}');
  const file = join(dist, 'version.js');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/agentVersion = '[^']*'/, `agentVersion = '${version}'`));
  return { program: join(dist, 'main.js') };
}

/** The same image in a place from which the broker cannot be reached: its API server can. */
export async function cutOff(image: LocalImage, directory: string, port: number): Promise<LocalImage> {
  const file = join(directory, 'cut-off.mjs');
  await writeFile(
    file,
    `import net from 'node:net';
const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const { port } = (Array.isArray(args[0]) ? args[0][0] : args[0]) ?? {};
  return connect.apply(this, Number(port) === ${port} ? [{ host: '127.0.0.1', port: 1 }] : args);
};
`,
  );
  return { ...image, environment: { NODE_OPTIONS: `--import ${file}` } };
}
