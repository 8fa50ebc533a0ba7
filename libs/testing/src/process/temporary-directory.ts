import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that goes away with whoever made it. */
export interface TemporaryDirectory {
  readonly path: string;
  remove(): Promise<void>;
}

/** A folder for one test. Others may pass through it, because PostgreSQL runs as another user than root. */
export async function temporaryDirectory(purpose: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `flotilla-${purpose}-`));
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
