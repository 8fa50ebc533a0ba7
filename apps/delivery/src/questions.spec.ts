import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Ask } from '@flotilla/contracts';
import { countingIds, VirtualClock } from '@flotilla/foundation/testing';
import { Questions } from './questions.ts';

let clock: VirtualClock;
let asked: Omit<Ask, 'v' | 'at'>[];
let questions: Questions;
beforeEach(() => {
  clock = new VirtualClock(0);
  asked = [];
  questions = new Questions({ sender: { ask: (ask) => void asked.push(ask) }, clock, ids: countingIds('q') });
});

const question = { kind: 'diff', target: 't1' } as unknown as Ask['question'];
const answer = (id: string) => ({ id }) as unknown as Answer;

describe('a question to an agent', () => {
  it('is answered by the cluster that was asked', async () => {
    const asking = questions.ask('c1', question);
    expect(asked).toEqual([{ id: 'q-1', cluster: 'c1', question, expiresAt: '1970-01-01T00:00:08.000Z' }]);
    questions.answered('c1', answer('q-1'));
    expect(await asking).toEqual(answer('q-1'));
  });

  it('is not answered by another cluster, nor by the answer to something else', async () => {
    const asking = questions.ask('c1', question).catch((error: unknown) => error);
    questions.answered('c2', answer('q-1'));
    questions.answered('c1', answer('q-2'));
    await clock.advance(8_000);
    expect(await asking).toMatchObject({ code: 'timeout', reason: 'AgentSilent' });
  });

  it('is refused when a thousand wait already, and taken again when they are done', async () => {
    const waiting = Array.from({ length: 1_000 }, () => questions.ask('c1', question).catch(() => 'silent'));
    await expect(questions.ask('c1', question)).rejects.toMatchObject({ reason: 'QuestionsWaiting' });
    await clock.advance(8_000);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['silent']));
    void questions.ask('c1', question).catch(() => undefined);
    expect(asked).toHaveLength(1_001);
  });

  it('that cannot be sent waits for nothing', async () => {
    const sender = {
      ask: () => {
        throw new Error('the broker is away');
      },
    };
    const cut = new Questions({ sender, clock, ids: countingIds() });
    await expect(cut.ask('c1', question)).rejects.toThrow('the broker is away');
  });
});
