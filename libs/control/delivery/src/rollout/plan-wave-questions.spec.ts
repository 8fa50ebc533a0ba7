import { describe, expect, it } from 'vitest';
import type { WebGate } from '@flotilla/model';
import type { WebAnswer } from '../promotion/web-answers.ts';
import { gatedCode } from './judge-waves.ts';
import { planWaveQuestions, type LookedAt } from './plan-wave-questions.ts';

const web: WebGate = { url: 'https://ci.example.org/', secret: 'ci' };
const gate = { url: web.url, secret: 'ci', everyMs: 60_000, expiresMs: 3_600_000 };
const waves = ['canary', 'some', 'rest'].map((name) => ({ name }));
const blocked = { code: gatedCode, message: 'wave some waits for web ci.example.org/' };
const now = new Date('2026-01-01T08:00:00Z');
const inMs = (ms: number) => new Date(now.getTime() + ms);

/** `some` waits for somebody outside, who is to be asked. */
const advance: LookedAt['advance'] = { state: 'Running', wave: 1, blocked, asks: [web] };
const waiting: LookedAt = { waves, advance, begun: new Set(['canary']), now };
const answerOf = (wave: string, state: WebAnswer['state'], over: Partial<WebAnswer> = {}): WebAnswer => {
  return { uid: `${wave} ${state}`, environment: 'dev', wave, digest: 'd1', gate, state, since: now, ...over };
};

describe('the questions before waves', () => {
  it('are about the wave that would begin, with the times that hold where nothing is said', () => {
    expect(planWaveQuestions(waiting, [])).toEqual({ asked: [{ wave: 'some', gate }], due: [], idle: [] });
  });

  it.each<[string, Partial<LookedAt['advance']>, readonly WebAnswer[]]>([
    ['something else than its gates holds the wave back', { blocked: { code: 'WaveUnderWay', message: '' } }, []],
    ['nothing does', { blocked: undefined as never }, []],
    ['it was answered', { asks: [] }, []],
    ['somebody else said no, which settles it', {}, [answerOf('some', 'Denied')]],
  ])('are none where %s', (_, over, answers) => {
    expect(planWaveQuestions({ ...waiting, advance: { ...advance, ...over } }, answers).asked).toEqual([]);
  });

  it.each<[string, Partial<LookedAt>, readonly WebAnswer[], readonly string[]]>([
    [
      'of waves that have begun are forgotten',
      {},
      [answerOf('canary', 'Allowed'), answerOf('canary', 'Overridden')],
      ['canary Allowed', 'canary Overridden'],
    ],
    [
      'of waves that are over without having begun as well',
      { begun: new Set() },
      [answerOf('canary', 'Waiting')],
      ['canary Waiting'],
    ],
    ['of the wave that waits stand', {}, [answerOf('some', 'Denied'), answerOf('some', 'Asking')], []],
    [
      'stand while somebody who came back holds the wave up once more',
      { advance: { state: 'Running', wave: 0 } },
      [answerOf('some', 'Denied'), answerOf('some', 'Failing')],
      [],
    ],
    [
      'are asked anew where the rollout stops and goes on, but for what a person decided',
      { advance: { state: 'Paused', wave: 1 } },
      [answerOf('some', 'Denied'), answerOf('rest', 'Overridden')],
      ['some Denied'],
    ],
  ])('%s', (_, over, answers, idle) => {
    expect(planWaveQuestions({ ...waiting, ...over }, answers).idle).toEqual(idle);
  });

  it.each<[string, readonly WebAnswer[], readonly string[]]>([
    ['when nobody has asked yet', [answerOf('some', 'Asking')], ['some Asking']],
    ['when its time has come', [answerOf('some', 'Failing', { nextTry: now })], ['some Failing']],
    ['not before that', [answerOf('some', 'Waiting', { nextTry: inMs(1) })], []],
    ['not once it has its answer', [answerOf('some', 'Allowed'), answerOf('some', 'Denied')], []],
    ['not before its turn', [answerOf('rest', 'Asking')], []],
  ])('that stand are asked again %s', (_, answers, due) => {
    expect(planWaveQuestions(waiting, answers).due).toEqual(due);
  });
});
