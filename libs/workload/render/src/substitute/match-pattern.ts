/** Lengths of the beginnings of a value that a shell pattern (`*`, `?`) fits, shortest first. */
export function prefixLengths(value: string, pattern: string): readonly number[] {
  const reached = positions(value, pattern);
  return [...reached.keys()].filter((length) => reached[length]);
}

/** Lengths of the endings that a shell pattern fits, shortest first. */
export function suffixLengths(value: string, pattern: string): readonly number[] {
  return prefixLengths(backwards(value), backwards(pattern));
}

function backwards(text: string): string {
  return Array.from({ length: text.length }, (_, index) => text.charAt(text.length - 1 - index)).join('');
}

/**
 * Which positions of the value can be reached by the whole pattern from its start. One sweep of the value for each sign
 * of the pattern, so that no pattern, however it is made, takes more than value times pattern.
 */
function positions(value: string, pattern: string): readonly boolean[] {
  let reached = Array.from({ length: value.length + 1 }, (_, index) => index === 0);
  for (let at = 0; at < pattern.length; at++) reached = step(value, pattern.charAt(at), reached);
  return reached;
}

function step(value: string, sign: string, before: readonly boolean[]): boolean[] {
  if (sign === '*') {
    const first = before.indexOf(true);
    return before.map((_, index) => first !== -1 && index >= first);
  }
  return before.map((_, index) => {
    const fits = sign === '?' || value.charAt(index - 1) === sign;
    return index > 0 && before[index - 1] === true && fits;
  });
}
