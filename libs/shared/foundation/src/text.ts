/** Cuts text to `charactersMax` and marks the cut: what came from outside never grows a log line or a row without end. */
export function shortened(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`;
}

/** A number of things as a sentence says it: `1 target`, `1,204 targets`. */
export function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * Whether a glob means this text: `*` is any characters, `?` is one. Two places that walk together, so that nothing that
 * a user writes takes longer than its length times that of the text: a regular expression with many stars would.
 */
export function matchesGlob(text: string, glob: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let place = 0; place < text.length;) {
    if (glob[at] === '*') {
      star = at++;
      resume = place;
    } else if (glob[at] === '?' || (at < glob.length && glob[at] === text[place])) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++resume;
    } else {
      return false;
    }
  }
  return glob.slice(at).replaceAll('*', '') === '';
}

/** The word from `known` that was probably meant by `given`, if one is near enough to suggest. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const word of known) {
    const distance = editDistance(given.toLowerCase(), word.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [word, distance];
  }
  return best;
}

/** How many slips apart two words are: a letter more, less, another, or two that changed places. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = row[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1);
      const turned = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1] ? before[j - 2]! + 1 : Infinity;
      next[j] = Math.min(swap, row[j]! + 1, next[j - 1]! + 1, turned);
    }
    [before, row] = [row, next];
  }
  return row[right.length]!;
}
