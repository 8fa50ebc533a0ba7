import { ApiFault } from '@flotilla/client';
import { Fault } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';
import { InputFault } from './input-fault.ts';

const problem = {
  type: 'about:blank',
  title: 'RequestInvalid',
  status: 422,
  detail: 'two things are wrong',
  code: 'RequestInvalid',
  retryable: false,
  traceId: 'trace1',
  errors: [
    { file: 'fleet/a.yaml', line: 7, column: 14, path: 'spec.pipeline', message: 'there is no Pipeline shop/standard' },
    { document: 'Application shop/b', message: 'is owned by apply' },
  ],
};

describe('what is read of a failure', () => {
  it('is each thing that is wrong with its place, then what became of the whole', () => {
    expect(failureText(new ApiFault(problem), {})).toBe(
      'fleet/a.yaml:7:14: spec.pipeline: there is no Pipeline shop/standard\n' +
        'Application shop/b: is owned by apply\n' +
        'error: these 2 have to be mended first; nothing was changed\n',
    );
  });

  it('is the same for what was found here', () => {
    expect(failureText(new InputFault([{ file: 'a.yaml', line: 1, message: 'is wrong' }]), {})).toBe(
      'a.yaml:1: is wrong\nerror: this has to be mended first; nothing was changed\n',
    );
  });

  it('is one sentence where there are no parts', () => {
    const fault = new Fault({ code: 'not-found', reason: 'NameUnknown', message: 'there is no target a' });
    expect(failureText(fault, {})).toBe('error: there is no target a\n');
  });

  it('tells causes and the trace to whoever asks', () => {
    const cause = new Error('socket hang up', { cause: new Error('ECONNRESET') });
    const fault = new Fault({ code: 'unavailable', reason: 'ServerUnreachable', message: 'cannot be reached', cause });
    expect(failureText(fault, { verbosity: 1 })).toBe(
      'error: cannot be reached\nreason: ServerUnreachable\ncaused by: socket hang up\ncaused by: ECONNRESET\n',
    );
    expect(failureText(new ApiFault(problem), { verbosity: 1 })).toContain('trace: trace1\n');
  });

  it('says how to see more of a surprise', () => {
    const fault = new Fault({ code: 'internal', reason: 'Unexpected', message: 'x is undefined' });
    expect(failureText(fault, {})).toMatch(/^error: x is undefined\nsay it again with -v 1/);
  });

  it('AT-27 shows what a server says, and does not obey it', () => {
    const fault = new Fault({ code: 'internal', reason: 'X', message: '\u001b[2Jgone' });
    expect(failureText(fault, { verbosity: 0 })).toMatch(/^error: <U\+001B>\[2Jgone\n/);
  });
});
