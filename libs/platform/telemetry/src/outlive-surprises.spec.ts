import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** A process that is surprised in this way, and then says what it logged and that it is still there. */
async function surprised(statement: string): Promise<{ readonly code: number; readonly said: string }> {
  const program = `
    const { outliveSurprises } = await import(${JSON.stringify(new URL('outlive-surprises.ts', import.meta.url).href)});
    const logger = { error: ({ error }, message) => console.log(message + (error ? ': ' + error.split('\\n')[0] : '')) };
    outliveSurprises({ logger, clock: { now: () => 0 }, end: (code) => process.exit(code) });
    ${statement};
    setTimeout(() => console.log('still here'), 50);`;
  const flags = ['--conditions=source', '--input-type=module', '--eval', program];
  return new Promise((resolve) => {
    execFile(process.execPath, flags, (error, stdout) => {
      resolve({ code: Number(error?.code ?? 0), said: stdout.trim() });
    });
  });
}

describe('AT-30: what nobody caught', () => {
  it.each([
    ['a promise that was forgotten', `void Promise.reject(new Error('x'))`, 'a promise was forgotten: Fault: x'],
    ['an error in a timer', `setTimeout(() => { throw new RangeError('x') })`, 'an error was not caught: Fault: x'],
    ['what is no error', `setTimeout(() => { throw 'x' })`, 'an error was not caught: Fault: x'],
    ['nothing at all', `void Promise.reject()`, 'a promise was forgotten: Fault: undefined'],
  ])('is logged and outlived: %s', async (_what, statement, logged) => {
    expect(await surprised(statement)).toEqual({ code: 0, said: `${logged}\nstill here` });
  });

  it('ends a process that is surprised all the time, so that it begins anew', async () => {
    const times = (count: number) => `for (let each = 0; each < ${count}; each++) void Promise.reject(new Error('x'))`;
    const [bearable, unbearable] = [await surprised(times(20)), await surprised(times(21))];
    expect([bearable.code, bearable.said.endsWith('still here'), unbearable.code]).toEqual([0, true, 1]);
    expect(unbearable.said).toMatch(/too many surprises; ending, to begin anew$/);
  });
});
