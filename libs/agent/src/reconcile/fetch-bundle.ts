import type { DesiredEntry } from '@flotilla/model';
import type { Bundle } from '../keep/target-record.ts';
import type { SourceReader } from '../ports/source-reader.port.ts';

/** Pulls exactly the commit and paths that an entry names, with what has to be known to render them again. */
export async function fetchBundle(
  { source, sourceDigest, render, clusterLabels }: DesiredEntry,
  sources: SourceReader,
): Promise<Bundle> {
  const files = await sources.read(source);
  return {
    sourceDigest,
    source,
    ...(render && { render }),
    ...(clusterLabels && { clusterLabels }),
    files: files.map(({ path, content }) => ({ path, content: Buffer.from(content).toString('base64') })),
  };
}
