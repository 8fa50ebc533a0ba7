import { describe, expect, it } from 'vitest';
import { after, PromotionWalk } from '../../testing/promotion-walk.ts';
import { decideOverride } from '../decide-override.ts';
import type { WebAnswer } from '../web-answers.ts';

const web = { url: 'https://ci.example.org/gate', secret: 'ci', every: '5m', expires: '2h' };
const gate = { url: web.url, secret: 'ci', everyMs: 300_000, expiresMs: 7_200_000 };
const asks = 'web ci.example.org/gate';

/** `production` comes after `dev` by itself, once somebody outside lets it in. */
function walk(over: object = {}): PromotionWalk {
  return new PromotionWalk([
    { environment: 'dev' },
    { environment: 'production', following: after(['dev'], { gates: [{ web: { ...web, ...over } }] }) },
  ]);
}

/** Whom the last plan wants asked, about which commit. */
function asked({ last }: PromotionWalk): string[] {
  return (last?.promotion?.questions ?? []).map(({ revision, gate: { url } }) => `${revision} ${url}`);
}

function answerOf(walked: PromotionWalk, revision: string, said: Partial<WebAnswer>): WebAnswer {
  const digest = walked.releases.find((release) => release.revision === revision)!.digests['production']!;
  return { uid: revision, environment: 'production', digest, gate, state: 'Asking', since: walked.now, ...said };
}

/** It is said of a commit, and planned again. */
function say(walked: PromotionWalk, revision: string, said: Partial<WebAnswer>): PromotionWalk {
  const others = walked.answers.filter(({ uid }) => uid !== revision);
  walked.answers = [...others, answerOf(walked, revision, said)];
  return walked.plan();
}

const ripe = () => walk().commit('one', { dev: 'a', production: 'a' }).finish('dev');

describe('somebody outside', () => {
  it('is asked once nothing else holds the release back, and not while it is on its way', () => {
    const walked = walk().commit('one', { dev: 'a', production: 'a' });
    const early = asked(walked);
    walked.finish('dev');
    const late = asked(walked);
    say(walked, 'one', {});
    expect([early, late, asked(walked), walked.told('production')]).toEqual([
      [],
      [`one ${web.url}`],
      [],
      [`one Waits; ${asks}: ci.example.org has not answered yet`],
    ]);
  });

  it.each<[string, Partial<WebAnswer>, string]>([
    ['says to wait', { state: 'Waiting', reason: 'tests run' }, 'ci.example.org says to wait: tests run'],
    ['says no', { state: 'Denied', reason: 'tests failed' }, 'ci.example.org says no: tests failed'],
    ['does not answer', { state: 'Failing', reason: 'answered 500' }, 'ci.example.org did not answer: answered 500'],
  ])('holds a release back who %s', (_, said, told) => {
    const walked = say(ripe(), 'one', said);
    expect([walked.runs('production'), asked(walked), walked.told('production')]).toEqual([
      undefined,
      [],
      [`one Waits; ${asks}: ${told}`],
    ]);
  });

  it('tells who can act, since when, and when it is asked again', () => {
    const walked = ripe().pass(1);
    const nextTry = new Date(walked.now.getTime() + 300_000);
    say(walked, 'one', { state: 'Waiting', nextTry });
    const [candidate] = walked.last!.promotion!.standings[0]!.candidates;
    expect(candidate!.waits).toEqual([
      {
        gate: asks,
        blockedBy: 'ci.example.org says to wait',
        since: '2026-01-01T00:01:00.000Z',
        whoCanAct: 'whoever is asked; or whoever may run: flotilla override checkout.production --reason WHY',
        nextTry: '2026-01-01T00:06:00.000Z',
      },
    ]);
  });

  it.each(['Allowed', 'Overridden'] as const)('lets a release in when it is %s', (state) => {
    const walked = say(ripe(), 'one', { state });
    expect([walked.runs('production'), asked(walked)]).toEqual(['one', []]);
  });

  it('is asked again when their word came too long ago', () => {
    const walked = ripe();
    const expiresAt = new Date(walked.now.getTime());
    say(walked, 'one', { state: 'Allowed', expiresAt });
    expect([walked.runs('production'), asked(walked)]).toEqual([undefined, [`one ${web.url}`]]);
  });

  it('speaks of exactly these inputs: for others they are asked anew', () => {
    const walked = say(ripe(), 'one', { state: 'Denied', reason: 'no' });
    walked.commit('two', { dev: 'b', production: 'b' }).finish('dev');
    expect(asked(walked)).toEqual([`two ${web.url}`]);
  });

  it('is asked anew when the gate was changed: another secret, or another time', () => {
    const walked = walk({ secret: 'other' }).commit('one', { dev: 'a', production: 'a' }).finish('dev');
    say(walked, 'one', { state: 'Allowed' });
    expect([walked.runs('production'), asked(walked)]).toEqual([undefined, [`one ${web.url}`]]);
  });

  it('is asked once about the same inputs, whichever release brings them', () => {
    const walked = ripe().commit('two', { dev: 'b' }).finish('dev');
    expect(asked(walked)).toEqual([`two ${web.url}`]);
  });

  it('has said nothing any more when the release is in', () => {
    const walked = say(ripe(), 'one', { state: 'Allowed' });
    const inside = walked.last!.promotion!.idle;
    expect([inside, walked.plan().last!.promotion!.idle]).toEqual([[], ['one']]);
  });
});

describe('a person', () => {
  const order = { project: 'default', application: 'checkout', environment: 'production', reason: 'ci is down' };

  it('does without their word for exactly these inputs', () => {
    const { questions, gates, expiresAt } = decideOverride(ripe().facts(), order);
    expect([questions.map(({ revision }) => revision), gates, expiresAt]).toEqual([
      ['one'],
      [asks],
      new Date('2026-01-08T00:00:00.000Z'),
    ]);
  });

  it('has nothing to do without where nobody is asked', () => {
    const plain = new PromotionWalk([{ environment: 'dev' }, { environment: 'production', following: after(['dev']) }]);
    plain.commit('one', { dev: 'a', production: 'a' });
    expect(() => decideOverride(plain.facts(), order)).toThrow(expect.objectContaining({ reason: 'GateMissing' }));
  });
});
