import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of a process. */
export interface ProcessFigures {
  readonly cpuMs: number;
  readonly files: number;
  readonly residentBytes: number;
}

const ticksPerSecond = 100;
const pageBytes = 4_096;

/** Nothing when there is no such process. */
export function processFigures(pid: number): ProcessFigures | undefined {
  try {
    // The name, in brackets, may hold anything; what follows it is numbers.
    const [, numbers = ''] = /\) (.*)$/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').trimEnd()) ?? [];
    const fields = numbers.split(' ');
    const [user, system] = [Number(fields[11]), Number(fields[12])];
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ').map(Number);
    return {
      cpuMs: ((user + system) * 1_000) / ticksPerSecond,
      files: readdirSync(`/proc/${pid}/fd`).length,
      residentBytes: resident! * pageBytes,
    };
  } catch {
    return undefined;
  }
}

/** Processor time of a process and of all that descend from it and run: a database answers by processes of its own. */
export function treeCpuMs(pid: number): number {
  const children = childrenOf(pid).map(treeCpuMs);
  return (processFigures(pid)?.cpuMs ?? 0) + children.reduce((sum, cpuMs) => sum + cpuMs, 0);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
      const text = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      return text === '' ? [] : text.split(' ').map(Number);
    });
  } catch {
    return [];
  }
}
