import { shortened } from '@flotilla/foundation';

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}"\\\ufffd]/gu;

/**
 * A name from a repository or a sentence from a server as it may stand in a message: control, bidirectional and
 * invisible characters are written out, so that they cannot make a line read as another one, and the length is bounded.
 */
export function printable(text: string, charactersMax = 200): string {
  const head = text.slice(0, charactersMax * 2);
  return shortened(
    head.replace(unseen, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`),
    charactersMax,
  );
}
