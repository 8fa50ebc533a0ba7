import { operations, type DeadLetterView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../testing/fake-control-plane.ts';
import { anHourAgo, planeWith, worldOf } from '../testing/sample-fleet.ts';

const letter: DeadLetterView = {
  id: '01jd3v9k2m',
  kind: 'message',
  subject: 'report',
  cluster: 'eu-1',
  reason: 'MessageNotUnderstood',
  message: 'not JSON at position 7',
  firstAt: anHourAgo,
  lastAt: anHourAgo,
  count: 3,
  bytes: 8,
};
const work: DeadLetterView = {
  ...letter,
  id: 'plan.01hx2v7c5q',
  kind: 'work',
  subject: 'plan 01hx2v7c5q',
  cluster: undefined,
  reason: 'LookKillsProcess',
};

const plane = (content = '{"v":1,\u001b', bytes = 8) =>
  planeWith({})
    .on(operations.listDeadLetters, () => ({ items: [letter, work] }))
    .on(operations.getDeadLetter, () => ({ ...letter, bytes, content: Buffer.from(content).toString('base64') }))
    .on(operations.replayDeadLetter, ({ params }) => ({ id: params.id! }))
    .on(operations.discardDeadLetter, ({ params }) => ({ id: params.id! }));
const path = '/api/v1/projects/default/dead-letters';

describe('dead letters', () => {
  it('are listed with why and how often', async () => {
    expect((await worldOf(plane()).run('get', 'deadletters')).out).toBe(
      [
        'ID                SUBJECT           CLUSTER   REASON                 COUNT   AGE',
        '01jd3v9k2m        report            eu-1      MessageNotUnderstood   3       60m',
        'plan.01hx2v7c5q   plan 01hx2v7c5q   <none>    LookKillsProcess       3       60m',
        '',
      ].join('\n'),
    );
  });

  it('are shown byte for byte to a program, and never obeyed by a terminal', async () => {
    const shown = async (terminal: boolean) =>
      (await worldOf(plane(), { terminal }).run('deadletter', 'show', letter.id)).out;
    expect([await shown(false), (await shown(true)).includes('\u001b')]).toEqual(['{"v":1,\u001b\n', false]);
  });

  it('of which only the beginning was kept say so', async () => {
    const { err } = await worldOf(plane('begin', 70_000)).run('deadletter', 'show', letter.id);
    expect(err).toBe('the first 5 of 70000 bytes\n');
  });

  it.each([
    ['replay', `POST ${path}/${work.id}/replay`, `deadletter/${work.id} handed in again\n`],
    ['discard', `DELETE ${path}/${work.id}`, `deadletter/${work.id} discarded\n`],
  ])('%s', async (verb, order, out) => {
    const asked = plane();
    const outcome = await worldOf(asked).run('deadletter', verb, work.id);
    expect([outcome, asked.orders]).toEqual([{ code: 0, out, err: '' }, [order]]);
  });

  it('that are gone are told as missing', async () => {
    const gone = plane().on(operations.discardDeadLetter, () => {
      throw new Refusal(404, 'DeadLetterMissing', 'there is no dead letter x in project default');
    });
    expect(await worldOf(gone).run('deadletter', 'discard', 'x')).toEqual({
      code: 5,
      out: '',
      err: 'error: there is no dead letter x in project default\n',
    });
  });
});
