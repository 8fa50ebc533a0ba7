import { gitObject, gitObjectTypes, type GitObject } from './git-object.ts';

/** Reads `<type> <size>\0<content>`; `undefined` unless it hashes to `oid`. */
export function parseLooseObject(oid: string, loose: Uint8Array): GitObject | undefined {
  const headerEnd = loose.indexOf(0);
  const [typeText, sizeText] = Buffer.from(loose.subarray(0, Math.max(0, headerEnd)))
    .toString('latin1')
    .split(' ');
  const content = loose.subarray(headerEnd + 1);
  const type = gitObjectTypes.find((known) => known === typeText);
  if (!type || Number(sizeText) !== content.byteLength) return undefined;
  const object = gitObject(type, content);
  return object.oid === oid ? object : undefined;
}
