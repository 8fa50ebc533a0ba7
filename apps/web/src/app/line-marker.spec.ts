import { expect, it } from 'vitest';
import { lineWords } from './line-marker.tsx';

it('says whether what is shown is true now, or since when it may not be', () => {
  const staleSinceMs = Date.UTC(2026, 0, 1, 11, 3, 10);
  expect([
    lineWords({ phase: 'connecting' }),
    lineWords({ phase: 'live' }),
    lineWords({ phase: 'cut', staleSinceMs, problem: 'the stream ended' }, 'Europe/Berlin'),
  ]).toEqual(['connecting', 'live', 'stale since 12:03:10']);
});
