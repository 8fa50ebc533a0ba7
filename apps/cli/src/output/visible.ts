/**
 * What somebody else wrote, made safe for a terminal: controls, colours and marks that turn the direction of reading are
 * shown as numbers instead of being obeyed. A commit's subject or an event's message may hold anything.
 */
export function visible(text: string): string {
  return text.replaceAll(/\r?\n|\t/g, ' ').replaceAll(unseen, (character) => `<U+${hexadecimal(character)}>`);
}

const unseen =
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function hexadecimal(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}
