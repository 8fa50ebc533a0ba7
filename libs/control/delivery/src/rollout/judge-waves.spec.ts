import { describe, expect, it } from 'vitest';
import type { Gate } from '@flotilla/model';
import type { WebAnswer } from '../promotion/web-answers.ts';
import { frozenWaves, judgeWaves, type WaveContext } from './judge-waves.ts';

const now = new Date('2026-01-01T08:00:00Z');
const later = new Date('2026-01-02T08:00:00Z');
const given = { environment: 'production', wave: 'rest', digest: 'd1', who: 'eve', at: now, expiresAt: later };
const context: WaveContext = {
  now,
  application: { name: 'checkout' },
  environment: 'production',
  release: { revision: '1'.repeat(40), digests: { production: 'd1' } },
  writers: [],
  facts: { approvals: [given], groups: {}, neighbours: [], answers: [] },
};
const approval: Gate = { approval: { users: ['bob', 'eve'], count: 1 } };

function judged(gate: Gate, facts: Partial<WaveContext['facts']> = {}, over: Partial<WaveContext> = {}) {
  const waves = [{ name: 'canary' }, { name: 'rest', gates: [gate] }];
  const verdicts = judgeWaves(waves, { ...context, ...over, facts: { ...context.facts, ...facts } });
  expect([...verdicts.keys()]).toEqual(['rest']);
  return verdicts.get('rest');
}

describe('the gates before a wave', () => {
  it('let in what was agreed to for that wave, and look again when that counts no more', () => {
    expect(judged(approval)).toEqual({ waits: [], passed: ['approval of bob, eve'], lookAt: later.getTime() });
  });

  it.each([
    ['the stage', { ...given, wave: undefined as never }],
    ['another wave', { ...given, wave: 'canary' }],
    ['another environment', { ...given, environment: 'staging' }],
    ['other inputs', { ...given, digest: 'd2' }],
    ['a time that is over', { ...given, expiresAt: now }],
    ['somebody else to say', { ...given, who: 'ann' }],
  ])('do not count what was agreed to for %s', (_what, other) => {
    expect(judged(approval, { approvals: [other] })?.waits).toEqual([
      {
        gate: 'approval of bob, eve',
        blockedBy: '0 of 1 approvals',
        whoCanAct: 'bob, eve: flotilla approve checkout.production --wave rest',
      },
    ]);
  });

  it('nobody agrees to what they wrote', () => {
    expect(judged(approval, {}, { writers: [{ name: 'Eve' }] })?.passed).toEqual([]);
  });

  it('ask somebody outside once nothing else waits, of exactly this wave', () => {
    const web = { url: 'https://ci.example.org/', secret: 'ci' };
    const said = (wave: string): WebAnswer => {
      const gate = { url: web.url, secret: 'ci', everyMs: 60_000, expiresMs: 3_600_000 };
      return { uid: wave, environment: 'production', wave, digest: 'd1', gate, state: 'Allowed', since: now };
    };
    const [asked, allowed, early] = [
      judged({ web }, { answers: [said('canary')] }),
      judged({ web }, { answers: [said('rest')] }),
      judgeWaves([{ name: 'rest', gates: [{ web }, approval] }], {
        ...context,
        facts: { ...context.facts, approvals: [] },
      }).get('rest'),
    ];
    expect([asked, allowed, early?.asks, early?.waits.length]).toEqual([
      {
        waits: [
          {
            gate: 'web ci.example.org/',
            blockedBy: 'it is asked once nothing else holds the release back',
            whoCanAct:
              'whoever is asked; or whoever may run: flotilla override checkout.production --wave rest --reason WHY',
          },
        ],
        passed: [],
        asks: [web],
      },
      { waits: [], passed: ['web ci.example.org/'] },
      undefined,
      2,
    ]);
  });

  it('are not for today where all of the wave are frozen: nobody is asked outside, and who can end it is said', () => {
    const freeze = { name: 'holidays', scope: 'deploys', by: 'user:ann', reason: 'nobody is here', since: 'S' };
    const web = { url: 'https://ci.example.org/', secret: 'ci' };
    const members = [
      { wave: 'canary', freeze },
      { wave: 'canary', freeze: undefined },
      { wave: 'rest', freeze },
    ];
    const waves = ['canary', 'rest'].map((name) => ({ name, gates: [{ web }] }));
    const verdicts = [...judgeWaves(waves, context, frozenWaves(members)).values()];
    expect(verdicts.map(({ waits, asks }) => [waits[0], asks])).toEqual([
      [expect.objectContaining({ gate: 'web ci.example.org/' }), [web]],
      [
        {
          gate: 'freeze',
          blockedBy: 'frozen by user:ann until it is lifted: nobody is here; lift it with: flotilla unfreeze holidays',
          since: 'S',
          whoCanAct: 'whoever may run: flotilla unfreeze holidays',
        },
        undefined,
      ],
    ]);
  });

  it('know windows, whose authors write the environment, and other applications', () => {
    const window = judged({ window: { allow: '0 9 * * *', duration: '1h' } });
    const neighbour = judged({ dependency: { application: 'accounts', environment: 'production' } });
    const opens = new Date('2026-01-01T09:00:00Z');
    expect([window?.waits[0]?.whoCanAct, window?.lookAt, neighbour?.waits[0]?.blockedBy]).toEqual([
      'nobody has to: time alone; or whoever writes the environment',
      opens.getTime(),
      'accounts has never arrived in production',
    ]);
  });
});
