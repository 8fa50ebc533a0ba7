import { execFile } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);

/** A process that is surprised in this way, and then says what it logged and that it is still there. */
async function surprised(statement: string): Promise<{ readonly code: number; readonly said: string }> {
  const program = `
    const { outliveSurprises } = await import(${module('outlive-surprises.ts')});
    const logger = { error: ({ error }, message) => console.log(message + (error ? ': ' + error.split('\\n')[0] : '')) };
    let now = 0;
    outliveSurprises({ logger, clock: { now: () => now }, end: (code) => process.exit(code) });
    const { registry } = await import(${module('metrics/registry.ts')});
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

  it('is forgotten after a minute: what is rare ends nothing, however often it comes', async () => {
    const rare = `const again = (left) => {
      for (let each = 0; each < 20; each++) void Promise.reject(new Error('x'));
      now += 60_001;
      if (left > 0) setTimeout(again, 1, left - 1);
    };
    again(3)`;
    const { code, said } = await surprised(rare);
    expect([code, said.split('\n').length, said.endsWith('still here')]).toEqual([0, 81, true]);
  });

  it('is counted, by how it was thrown', async () => {
    const counted = `void Promise.reject(new Error('x'));
    setTimeout(() => { throw new Error('x') });
    setTimeout(() => { throw new Error('x') });
    setTimeout(async () => console.log((await registry.text()).match(/^flotilla_surprises_total.*$/gm).join(' ')), 20)`;
    const { said } = await surprised(counted);
    expect(said.split('\n').at(-2)).toBe(
      'flotilla_surprises_total{thrown="rejection"} 1 flotilla_surprises_total{thrown="exception"} 2',
    );
  });
});
