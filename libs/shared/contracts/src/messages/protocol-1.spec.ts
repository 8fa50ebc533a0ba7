import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { goldenMessages, schemaBreaks } from '../testing/index.ts';
import { downKinds, upKinds } from '../subjects.ts';
import { answerSchema, askSchema } from './ask.ts';
import { agreedProtocol } from './common.ts';
import { helloSchema } from './hello.ts';
import { receiptSchema, reportSchema } from './report.ts';
import { setSchema } from './set.ts';

const schemas: Readonly<Record<string, z.ZodType>> = {
  hello: helloSchema,
  report: reportSchema,
  answer: answerSchema,
  set: setSchema,
  receipt: receiptSchema,
  ask: askSchema,
};
/** The shapes of protocol 1 as they were when it was first spoken; only what is new and may be left out is added. */
const frozen = JSON.parse(readFileSync(new URL('../testing/protocol-1.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;
const shapeOf = (kind: string): unknown =>
  JSON.parse(JSON.stringify(z.toJSONSchema(schemas[kind]!, { io: 'output', unrepresentable: 'any' })));
const goldens = Object.entries(goldenMessages).map(([name, text]) => ({ name, text, kind: name.split(' ')[0]! }));

describe('AT-41 protocol 1, as agents and control planes out there speak it', () => {
  it('has a golden message of each kind, and a frozen shape', () => {
    const kinds = [...upKinds, ...downKinds].filter((kind) => kind in frozen).toSorted();
    expect(kinds).toEqual(Object.keys(schemas).toSorted());
    expect([...new Set(goldens.map(({ kind }) => kind))].toSorted()).toEqual(kinds);
  });

  it.each(goldens)('$name is read, byte for byte, as it was meant', ({ kind, text }) => {
    expect(schemas[kind]!.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it.each(Object.keys(schemas))(
    'a %s of today is understood by the version before, and the other way round',
    (kind) => {
      expect(schemaBreaks(frozen[kind], shapeOf(kind))).toEqual([]);
    },
  );
});

describe('what breaks the version before', () => {
  const before = {
    type: 'object',
    properties: { a: { type: 'string', maxLength: 9 }, b: { enum: ['x'] } },
    required: ['a'],
  };
  const change = (properties: object, required = ['a']) => ({ ...before, properties, required });

  it.each<[string, object, string[]]>([
    ['nothing', before, []],
    ['a new field that may be left out', change({ ...before.properties, c: { type: 'string' } }), []],
    [
      'a new field that must be there',
      change({ ...before.properties, c: {} }, ['a', 'c']),
      ['$.required: has 2 instead of 1'],
    ],
    ['a field that is gone', change({ a: before.properties.a }), ['$.properties.b: is gone']],
    ['a renamed field', change({ a: before.properties.a, bee: { enum: ['x'] } }), ['$.properties.b: is gone']],
    [
      'another type',
      change({ ...before.properties, a: { type: 'number', maxLength: 9 } }),
      ['$.properties.a.type: "string" became "number"'],
    ],
    [
      'a tighter bound',
      change({ ...before.properties, a: { type: 'string', maxLength: 8 } }),
      ['$.properties.a.maxLength: 9 became 8'],
    ],
    [
      'a new word',
      change({ ...before.properties, b: { enum: ['x', 'y'] } }),
      ['$.properties.b.enum: has 2 instead of 1'],
    ],
    [
      'a new rule',
      change({ ...before.properties, b: { enum: ['x'], minLength: 1 } }),
      ['$.properties.b.minLength: is new'],
    ],
  ])('%s', (_what, after, breaks) => {
    expect(schemaBreaks(before, after)).toEqual(breaks);
  });

  it.each<[string, string[], string[]]>([
    ['not a further question, which only those are asked who name it', ['diff', 'held', 'preview'], []],
    [
      'a question less',
      ['diff'],
      ['$.question.oneOf[1]: "held" became undefined', '$.question.oneOf: has 1 instead of 2'],
    ],
  ])('%s', (_what, kinds, breaks) => {
    expect(schemaBreaks({ question: { oneOf: ['diff', 'held'] } }, { question: { oneOf: kinds } })).toEqual(breaks);
  });
});

describe('AT-41 the version that two sides speak', () => {
  it.each([
    ['the same', { oldest: 1, newest: 1 }, { oldest: 1, newest: 1 }, 1],
    ['the other is one newer', { oldest: 1, newest: 2 }, { oldest: 1, newest: 1 }, 1],
    ['we are one newer', { oldest: 1, newest: 1 }, { oldest: 1, newest: 2 }, 1],
    ['both know more: the newest', { oldest: 1, newest: 3 }, { oldest: 2, newest: 4 }, 3],
    ['too far apart', { oldest: 2, newest: 3 }, { oldest: 1, newest: 1 }, undefined],
    ['the other is too old', { oldest: 1, newest: 1 }, { oldest: 2, newest: 3 }, undefined],
  ])('%s', (_what, theirs, ours, agreed) => {
    expect(agreedProtocol(theirs, ours)).toBe(agreed);
  });
});
