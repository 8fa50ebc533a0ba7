import { isDeepEqual } from '@flotilla/workload-manifests';
import { differs } from './differs.ts';
import type { Adapter, PeerCase } from './peer-case.ts';

/** One case on which we and the peer do not agree. */
export interface Disagreement {
  readonly id: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What came of one file. */
export interface Judgement {
  readonly passed: number;
  readonly failed: readonly Disagreement[];
  /** Cases on which we mean to differ, each with its reason in the table. */
  readonly differs: number;
  readonly notOffered: number;
}

/** Judges the lines of one file. A line that cannot be read, and a file that nothing drives, counts as not offered. */
export async function judgeCases(lines: readonly string[], adapter: Adapter | undefined): Promise<Judgement> {
  const counts = { passed: 0, differs: 0, notOffered: 0 };
  const failed: Disagreement[] = [];
  for (const line of lines) {
    const verdict = adapter ? await judge(line, adapter) : 'notOffered';
    if (typeof verdict === 'string') counts[verdict]++;
    else failed.push(verdict);
  }
  return { ...counts, failed };
}

type Verdict = 'passed' | 'differs' | 'notOffered' | Disagreement;

async function judge(line: string, adapter: Adapter): Promise<Verdict> {
  const peerCase = read(line);
  if (!peerCase) return 'notOffered';
  try {
    const comparison = await adapter(peerCase);
    if (!comparison) return 'notOffered';
    if (isDeepEqual(comparison.expected, comparison.actual)) return 'passed';
    return Object.hasOwn(differs, peerCase.id) ? 'differs' : { id: peerCase.id, ...comparison };
  } catch (error) {
    return { id: peerCase.id, expected: peerCase.expected, actual: `threw ${String(error)}` };
  }
}

function read(line: string): PeerCase | undefined {
  try {
    const value = JSON.parse(line) as PeerCase | null;
    return typeof value?.id === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
