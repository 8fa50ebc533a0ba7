import { expect, it } from 'vitest';
import { windowGate } from './window.ts';

it('a window is worked out once for all releases that a plan asks it about', () => {
  const gate = { deny: '0 0 * * 1', duration: '8760h' };
  const context = (now: Date, wave?: string) => ({
    now,
    application: { name: 'checkout' },
    environment: 'production',
    ...(wave && { wave }),
    release: { revision: 'c1', digests: {} },
    writers: [],
    visits: new Map(),
    facts: { approvals: [], groups: {}, neighbours: [], answers: [] },
  });
  const now = new Date('2026-01-01T00:00:00Z');
  const first = windowGate.judge(gate, context(now));
  expect(windowGate.judge(gate, context(new Date(now)))).toBe(first);
  expect(windowGate.judge(gate, context(now, 'rest'))).toEqual({
    wait: { blockedBy: 'the window is closed', whoCanAct: 'whoever writes the environment' },
  });
  expect(windowGate.judge(gate, context(new Date(now.getTime() + 1)))).not.toBe(first);
});
