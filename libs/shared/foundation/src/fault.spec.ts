import { describe, expect, it } from 'vitest';
import { assertThat, Fault, faultCodes, toFault, type FaultCode } from './fault.ts';

describe('a fault', () => {
  const passing: readonly FaultCode[] = ['conflict', 'too-many', 'unavailable', 'timeout', 'internal'];

  it.each(faultCodes)('that is %s says what follows from it', (code) => {
    const { consequence } = new Fault({ code, reason: 'Reason', message: 'message' });
    expect(consequence.kind).toBe(passing.includes(code) ? 'retry' : 'stall');
  });

  it('keeps the consequence that it was given', () => {
    const consequence = { kind: 'wait', forWhat: 'the kind Widget' } as const;
    expect(new Fault({ code: 'not-found', reason: 'KindUnknown', message: 'm', consequence }).consequence).toEqual(
      consequence,
    );
  });

  const known = new Fault({ code: 'invalid', reason: 'Known', message: 'known' });
  it.each([
    ['a fault', known, { code: 'invalid', reason: 'Known', message: 'known' }],
    ['an error', new RangeError('too deep'), { code: 'internal', reason: 'Unexpected', message: 'too deep' }],
    ['text', 'broken', { code: 'internal', message: 'broken' }],
    ['nothing', undefined, { code: 'internal', message: 'undefined' }],
    ['null', null, { code: 'internal', message: 'null' }],
    ['an error that crossed a wire', { message: 'from afar' }, { code: 'internal', message: 'from afar' }],
    ['an object without a prototype', Object.create(null), { message: 'something without a message was thrown' }],
    ['a symbol', Symbol('s'), { message: 'Symbol(s)' }],
  ])('is made of %s', (_, thrown, expected) => expect(toFault(thrown)).toMatchObject(expected));

  it('names its subject, and keeps its cause', () => {
    const cause = new Error('deep down');
    expect(toFault(cause, 'Application shop/checkout')).toMatchObject({ subject: 'Application shop/checkout', cause });
  });

  it('asserts what cannot be otherwise', () => {
    expect(() => assertThat(false, 'one is one')).toThrow('broken assumption: one is one');
    expect(() => assertThat(true, 'one is one')).not.toThrow();
  });
});
