import { readdirSync, readFileSync } from 'node:fs';

/** What one part of the system costs right now, over all of its processes. */
export interface ProcessFigure {
  readonly name: string;
  /** Memory in use; what processes share counts once, in the share of each. */
  readonly memoryMb: number;
  /** Processor time since the start. */
  readonly cpuSeconds: number;
}

const ticksPerSecond = 100;

/** Reads a part's figures from the system, its child processes included: PostgreSQL has one for each connection. */
export function processFigure(name: string, pids: readonly number[]): ProcessFigure {
  const all = pids.flatMap((pid) => [pid, ...childrenOf(pid)]);
  return {
    name,
    memoryMb: Math.round(sum(all.map(memoryKb)) / 1024),
    cpuSeconds: sum(all.map(cpuTicks)) / ticksPerSecond,
  };
}

/** What parts have spent between two looks, in seconds of one processor. */
export function cpuBetween(before: readonly ProcessFigure[], after: readonly ProcessFigure[]): Record<string, number> {
  const spent = after.map(({ name, cpuSeconds }) => {
    const start = before.find((figure) => figure.name === name)?.cpuSeconds ?? 0;
    // Less than before: the part was killed in between, and its successor began at nothing.
    return [name, Number((cpuSeconds < start ? cpuSeconds : cpuSeconds - start).toFixed(2))];
  });
  return Object.fromEntries(spent) as Record<string, number>;
}

/** The same as a line of text, for the conditions of a figure. */
export function spentText(before: readonly ProcessFigure[], after: readonly ProcessFigure[]): string {
  const spent = Object.entries(cpuBetween(before, after));
  return spent.map(([name, seconds]) => `${name} ${seconds} s`).join(', ');
}

/** What all parts take together, in megabytes, and what each of them does. */
export function memoryOf(figures: readonly ProcessFigure[]): { readonly total: number; readonly text: string } {
  return {
    total: sum(figures.map(({ memoryMb }) => memoryMb)),
    text: figures.map(({ name, memoryMb }) => `${name} ${memoryMb}`).join(', '),
  };
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(Number(name))[1]) === pid)
    .map(Number);
}

/** The fields after the command, which may hold anything: state, parent, … */
function statOf(pid: number): string[] {
  const text = readText(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** Its own, and that of children that have ended: a connection that closes takes nothing back. */
function cpuTicks(pid: number): number {
  return sum(
    statOf(pid)
      .slice(11, 15)
      .map((ticks) => Number(ticks) || 0),
  );
}

/** Another user's processes may keep their share to themselves; then what is resident has to do. */
function memoryKb(pid: number): number {
  const share = /^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`));
  const resident = share ?? /^VmRSS:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`));
  return Number(resident?.[1] ?? 0);
}

/** A process may have ended since we heard of it. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}
