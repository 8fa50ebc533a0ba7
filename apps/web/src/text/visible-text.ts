/**
 * What somebody else wrote, made safe to look at: letters that cannot be seen but change what is seen (terminal colours,
 * other controls, marks that turn the direction of reading) are shown as their number instead of being obeyed.
 */
export function visibleText(text: string): string {
  return text.replaceAll(unseen, (character) =>
    character === '\n' || character === '\t' ? character : `⟨U+${hexadecimal(character)}⟩`,
  );
}

// C0 and C1 controls, soft hyphen, zero-width letters, direction marks and overrides, byte order mark.
// oxlint-disable-next-line no-control-regex -- controls are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

function hexadecimal(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
