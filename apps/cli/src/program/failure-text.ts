import type { Problem, ProblemItem } from '@flotilla/contracts';
import type { Fault } from '@flotilla/foundation';
import { visible } from '../output/visible.ts';
import { InputFault } from './input-fault.ts';

/** What a person reads of a failure: each thing that is wrong with its place, then what became of the whole. */
export function failureText(fault: Fault, { verbosity = 0 }: { readonly verbosity?: number | undefined }): string {
  const problem = problemOf(fault);
  const items = itemsOf(fault, problem).map(problemItemText);
  const sentence = items.length > 0 ? refusedBy(items.length) : visible(fault.message);
  const lines = [...items, `error: ${sentence}`];
  if (verbosity > 0) lines.push(...details(fault, problem));
  else if (fault.code === 'internal') lines.push('say it again with -v 1 to see where this comes from');
  return `${lines.join('\n')}\n`;
}

/** `checkout.yaml:7:14: spec.pipeline: there is no Pipeline shop/standard`. */
export function problemItemText({ file, line, column, path, message, document }: ProblemItem): string {
  const place = [file, line, column].filter(Boolean).join(':') || document;
  return visible([place, path, message].filter(Boolean).join(': '));
}

/** The problem that the API sent; only a fault that comes from there carries one. */
function problemOf(fault: Fault): Problem | undefined {
  return (fault as Fault & { readonly problem?: Problem }).problem;
}

function itemsOf(fault: Fault, problem: Problem | undefined): readonly ProblemItem[] {
  return fault instanceof InputFault ? fault.items : (problem?.errors ?? []);
}

function refusedBy(count: number): string {
  return `${count === 1 ? 'this has to be mended' : `these ${count} have to be mended`} first; nothing was changed`;
}

function details(fault: Fault, problem: Problem | undefined): string[] {
  const trace = problem?.traceId ? [`trace: ${problem.traceId}`] : [];
  const causes: string[] = [];
  for (let cause = fault.cause; cause instanceof Error && causes.length < 5; cause = cause.cause) {
    causes.push(`caused by: ${visible(cause.message)}`);
  }
  const stack = fault.code === 'internal' && fault.stack ? [fault.stack] : [];
  return [`reason: ${fault.reason}`, ...trace, ...causes, ...stack];
}
