/** How much of two texts, or of two lists, is the same at the beginning and, behind that, at the end. */
export function commonEnds<Sequence extends string | readonly string[]>(left: Sequence, right: Sequence) {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head++;
  let tail = 0;
  while (tail < shorter - head && left.at(-1 - tail) === right.at(-1 - tail)) tail++;
  return { head, tail };
}
