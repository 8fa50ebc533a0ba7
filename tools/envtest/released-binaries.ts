import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { envtestVersion, platformName } from '../../libs/testing/src/kube-apiserver/envtest-assets.ts';
import { run } from './run.ts';

const publicIndex = 'https://raw.githubusercontent.com/kubernetes-sigs/controller-tools/HEAD/envtest-releases.yaml';
const connectTimeoutMs = 5_000;
const downloadTimeoutMs = 300_000;

export interface FetchOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

/** One archive of the release index. */
export interface ReleasedArchive {
  readonly version: string;
  readonly link: string;
  readonly sha512: string;
}

/**
 * Fetches the archive that the public release index names for this machine, checks its hash, and unpacks it. Every
 * failure is one line and `false`, because there is another way.
 */
export async function fetchReleasedBinaries({ folder, environment, say }: FetchOptions): Promise<boolean> {
  const index = environment['FLOTILLA_ENVTEST_INDEX'] || publicIndex;
  try {
    const archive = chooseArchive(await (await get(index)).text(), platformName());
    if (!archive) return skip(say, `the release index has no ${minorOf(envtestVersion)} for ${platformName()}`);
    const bytes = new Uint8Array(await (await get(new URL(archive.link, index).href)).arrayBuffer());
    const sha512 = createHash('sha512').update(bytes).digest('hex');
    if (sha512 !== archive.sha512) return skip(say, `the hash of the ${archive.version} archive is not the index's`);
    say(`fetched the released binaries of ${archive.version}`);
    return (await unpack(bytes, folder)) || skip(say, 'the archive cannot be unpacked');
  } catch (error) {
    return skip(say, `the released binaries cannot be reached (${reasonOf(error)})`);
  }
}

/** The archive of the pinned version, else of the newest patch of the same minor. */
export function chooseArchive(index: string, platform: string): ReleasedArchive | undefined {
  const pattern = /envtest-(v\d+\.\d+\.\d+)-(\w+-\w+)\.tar\.gz:\s+hash: ([0-9a-f]{128})\s+selfLink: (\S+)/g;
  const fitting = [...index.matchAll(pattern)]
    .map(([, version, on, sha512, link]) => ({ version: version!, on, sha512: sha512!, link: link! }))
    .filter(({ version, on }) => on === platform && minorOf(version) === minorOf(envtestVersion))
    .toSorted((left, right) => patchOf(right.version) - patchOf(left.version));
  const chosen = fitting.find(({ version }) => version === envtestVersion) ?? fitting[0];
  return chosen && { version: chosen.version, link: chosen.link, sha512: chosen.sha512 };
}

/** The time-out is for the answer to begin; a slow line may then take its time. */
async function get(url: string): Promise<Response> {
  const aborting = new AbortController();
  const timer = setTimeout(() => aborting.abort(new Error(`no answer within ${connectTimeoutMs / 1000} s`)), connectTimeoutMs);
  const signal = AbortSignal.any([aborting.signal, AbortSignal.timeout(downloadTimeoutMs)]);
  const response = await fetch(url, { signal }).finally(() => clearTimeout(timer));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response;
}

async function unpack(archive: Uint8Array, folder: string): Promise<boolean> {
  const file = join(folder, 'archive.tar.gz');
  writeFileSync(file, archive);
  const ran = await run('tar', ['-xzf', file, '-C', folder, '--strip-components', '2'], {});
  rmSync(file);
  return ran?.code === 0;
}

function skip(say: (line: string) => void, why: string): false {
  say(`no released binaries: ${why}`);
  return false;
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function patchOf(version: string): number {
  return Number(version.split('.')[2]);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
