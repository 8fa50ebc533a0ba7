/**
 * What somebody else wrote, made safe to look at: letters that cannot be seen but change what is seen (terminal colours,
 * other controls, marks that turn the direction of reading) are shown as their number instead of being obeyed.
 */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (character) => `⟨U+${hexadecimal(character)}⟩`);
}

// C0 and C1 controls but tab and newline, soft hyphen, zero-width space, marks of direction, line separators, byte order
// mark, tags. The joiners of Persian and of emoji stay: they cannot move anything.
const unseen =
  // oxlint-disable-next-line no-control-regex -- controls are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

function hexadecimal(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}
