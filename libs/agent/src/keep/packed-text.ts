import { gunzipSync, gzipSync } from 'node:zlib';

/** Room that zlib makes ready for each text, and takes away again: half of the usual, where more would not be used. */
const smallText = { charactersMax: 32_768, room: { windowBits: 14, memLevel: 7 } } as const;
const unpackedBytesMax = 64 * 1024 * 1024;

/** A text as it is kept in a Secret. */
export function packText(text: string): string {
  return gzipSync(text, text.length < smallText.charactersMax ? smallText.room : {}).toString('base64');
}

/** Reads what was kept; throws when it is not what was packed, or larger than anything we keep. */
export function unpackText(packed: string): string {
  return gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: unpackedBytesMax }).toString('utf8');
}
