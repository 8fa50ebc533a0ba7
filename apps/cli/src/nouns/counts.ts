/** How many of all are in one state: `5/6`. */
export function whereCount(counts: Readonly<Record<string, number>>, word: string, total: number): string {
  return `${counts[word] ?? 0}/${total}`;
}

/** How many are in which state: `5 Synced, 1 OutOfSync`. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([word, count]) => `${count} ${word}`).join(', ');
}
