/** As long as a line may be and still be read whole. */
const readableMax = 160;
const contextCharacters = 40;

/** Two long lines, each as the part in which they differ with a little around it; short ones as they are. */
export function excerpts(live: string, desired: string): readonly [live: string, desired: string] {
  if (Math.max(live.length, desired.length) <= readableMax) return [live, desired];
  const shorter = Math.min(live.length, desired.length);
  let head = 0;
  while (head < shorter && live[head] === desired[head]) head++;
  let tail = 0;
  while (tail < shorter - head && live.at(-1 - tail) === desired.at(-1 - tail)) tail++;
  const start = Math.max(0, head - contextCharacters);
  const kept = Math.max(0, tail - contextCharacters);
  const part = (text: string) =>
    `${start > 0 ? '…' : ''}${text.slice(start, text.length - kept)}${kept > 0 ? '…' : ''}`;
  return [part(live), part(desired)];
}
