import { open } from 'node:fs/promises';
import { Fault, toFault } from '@flotilla/foundation';

/** The most that the control plane takes of one file. */
const bytesMax = 1_048_576;

/** A file as text. Its size is looked at before it is read: a slip of a path must not fill the memory. */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes.length > bytesMax) throw wrong(file, 'is larger than 1 MiB; split it', 'too-large');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw wrong(file, 'is not UTF-8 text');
  }
}

/** As much as is allowed and one byte more, which tells that there is too much. */
async function readBytes(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file);
    const chunks: Buffer[] = [];
    for await (const chunk of handle.createReadStream({ end: bytesMax })) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    throw wrong(file, `cannot be read: ${toFault(error).message}`);
  }
}

function wrong(file: string, why: string, code: 'invalid' | 'too-large' = 'invalid'): Fault {
  return new Fault({ code, reason: 'FilesInvalid', message: `${file}: ${why}` });
}
