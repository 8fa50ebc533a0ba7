import { styleText } from 'node:util';
import { systemClock } from '@flotilla/foundation';
import { say } from '../progress.ts';

const columns = 110;

/** What a person is told before something happens: its title, one sentence, and where to look. */
export interface Telling {
  readonly title: string;
  readonly text: string;
  readonly look: string;
}

/** Says what comes now, and waits until it was read. */
export async function tell({ title, text, look }: Telling, signal: AbortSignal): Promise<void> {
  say(`\n${styleText('bold', title)}\n\n${wrapped(text)}\nLook at ${look}\n`);
  await read(`${text}\n${look}`, signal);
}

/** A word of the teller's between two commands. */
export async function remark(text: string, signal: AbortSignal): Promise<void> {
  say(`\n${wrapped(text)}\n`);
  await read(text, signal);
}

const [leastMs, lineMs, mostMs] = [200, 100, 2_000];

/** Leaves a person the time to read; where nobody looks at a terminal, nobody is waited for. */
export async function read(text: string, signal: AbortSignal): Promise<void> {
  if (!process.stdout.isTTY) return;
  const lines = wrapped(text.trim()).split('\n').length;
  await systemClock.sleep(Math.min(leastMs + lines * lineMs, mostMs), signal);
}

function wrapped(text: string): string {
  return text.replaceAll(new RegExp(String.raw`(?![^\n]{1,${columns}}$)([^\n]{1,${columns}})\s`, 'g'), '$1\n');
}
