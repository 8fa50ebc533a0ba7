import { commonEnds } from './common-ends.ts';

/** How many lines that are the same are shown around what differs. */
const contextLines = 3;
/** Above this many pairs of lines between the first difference and the last, they are not compared with each other. */
const comparedMax = 1_000_000;

type Line = readonly [mark: ' ' | '-' | '+', text: string];

/**
 * The lines in which two texts differ, as `diff -u` shows them: `-` for what is there, `+` for what shall be, lines around
 * them, and before each part `@@` with the number of its first line in the live text. Empty when the texts are the same.
 */
export function lineDiff(live: string, desired: string): string[] {
  const lines = comparedLines(live.split('\n'), desired.split('\n'));
  return hunksOf(lines).flatMap(([from, to]) => {
    const before = lines.slice(0, from).filter(([mark]) => mark !== '+').length;
    return [`@@ line ${before + 1} @@`, ...lines.slice(from, to).map(([mark, text]) => `${mark}${text}`)];
  });
}

function comparedLines(left: readonly string[], right: readonly string[]): Line[] {
  const { head, tail } = commonEnds(left, right);
  return [
    ...left.slice(0, head).map(same),
    ...middleLines(left.slice(head, left.length - tail), right.slice(head, right.length - tail)),
    ...left.slice(left.length - tail).map(same),
  ];
}

function same(text: string): Line {
  return [' ', text];
}

/** Along the longest run of lines that both have in this order; beyond a bound nothing is taken to be the same. */
function middleLines(left: readonly string[], right: readonly string[]): Line[] {
  const isTooMuch = left.length * right.length > comparedMax;
  const lengths = isTooMuch ? undefined : commonLengths(left, right);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (lengths && i < left.length && j < right.length && left[i] === right[j]) {
      lines.push([' ', left[i]!]);
      i++;
      j++;
    } else if (i < left.length && (j === right.length || !lengths || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      lines.push(['-', left[i++]!]);
    } else {
      lines.push(['+', right[j++]!]);
    }
  }
  return lines;
}

/** How many lines the rest from `i` and the rest from `j` have in common, at most. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const isSame = left[i] === right[j];
      lengths[i]![j] = isSame ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

/** From where to where lines are shown; parts that touch are one. */
function hunksOf(lines: readonly Line[]): (readonly [from: number, to: number])[] {
  const hunks: [number, number][] = [];
  for (const [at, [mark]] of lines.entries()) {
    if (mark === ' ') continue;
    const [from, to] = [Math.max(0, at - contextLines), Math.min(lines.length, at + contextLines + 1)];
    const last = hunks.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else hunks.push([from, to]);
  }
  return hunks;
}
