import { commonEnds } from './common-ends.ts';

/** As long as a line may be and still be read whole. */
const readableMax = 160;
const contextCharacters = 40;

/** Two long lines, each as the part in which they differ with a little around it; short ones as they are. */
export function excerpts(live: string, desired: string): readonly [live: string, desired: string] {
  if (Math.max(live.length, desired.length) <= readableMax) return [live, desired];
  const { head, tail } = commonEnds(live, desired);
  const start = Math.max(0, head - contextCharacters);
  const kept = Math.max(0, tail - contextCharacters);
  const part = (text: string) =>
    `${start > 0 ? '…' : ''}${text.slice(start, text.length - kept)}${kept > 0 ? '…' : ''}`;
  return [part(live), part(desired)];
}
