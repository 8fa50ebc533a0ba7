import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file with secrets: whoever reads it finds what was there before, or all of what is there now. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text, { mode: 0o600 });
  await rename(`${file}.part`, file);
}
