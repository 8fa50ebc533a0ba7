import { describe, expect, it } from 'vitest';
import { webGateDefaults, type WebGate } from '@flotilla/model';
import type { WebAnswer } from '../promotion/web-answers.ts';
import { gatedCode } from './judge-waves.ts';
import { planWaveQuestions, type LookedAt } from './plan-wave-questions.ts';

const web: WebGate = { url: 'https://ci.example.org/', secret: 'ci' };
const gate = { url: web.url, secret: 'ci', everyMs: 60_000, expiresMs: 3_600_000 };
const waves = ['canary', 'some', 'rest'].map((name) => ({ name }));
const blocked = { code: gatedCode, message: 'wave some waits for web ci.example.org/' };

/** `some` waits for somebody outside, who is to be asked. */
const waiting: LookedAt = { waves, advance: { wave: 1, blocked, asks: [web] }, begun: new Set(['canary']) };
const answerOf = (wave: string, state: WebAnswer['state']): WebAnswer => {
  return { uid: `${wave} ${state}`, environment: 'dev', wave, digest: 'd1', gate, state, since: new Date(0) };
};

describe('the questions before waves', () => {
  it('are about the wave that would begin, with the times that hold where nothing is said', () => {
    expect([planWaveQuestions(waiting, []), webGateDefaults]).toEqual([
      { asked: [{ wave: 'some', gate }], idle: [] },
      { every: '1m', expires: '1h' },
    ]);
  });

  it.each<[string, Partial<LookedAt['advance']>]>([
    ['something else than its gates holds the wave back', { blocked: { code: 'WaveUnderWay', message: '' } }],
    ['nothing does', { blocked: undefined as never, asks: [] }],
    ['it was answered', { asks: [] }],
  ])('are none where %s', (_, advance) => {
    expect(planWaveQuestions({ ...waiting, advance: { ...waiting.advance, ...advance } }, []).asked).toEqual([]);
  });

  it.each<[string, Partial<LookedAt>, readonly WebAnswer[], readonly string[]]>([
    [
      'of waves that have begun are forgotten',
      {},
      [answerOf('canary', 'Allowed'), answerOf('canary', 'Overridden')],
      ['canary Allowed', 'canary Overridden'],
    ],
    ['of the wave that waits stand', {}, [answerOf('some', 'Denied'), answerOf('some', 'Asking')], []],
    [
      'of later waves are forgotten, but for what a person decided',
      {},
      [answerOf('rest', 'Allowed'), answerOf('rest', 'Overridden')],
      ['rest Allowed'],
    ],
    ['are asked anew after a pause', { advance: { wave: 1 } }, [answerOf('some', 'Waiting')], ['some Waiting']],
  ])('%s', (_, over, answers, idle) => {
    expect(planWaveQuestions({ ...waiting, ...over }, answers).idle).toEqual(idle);
  });
});
