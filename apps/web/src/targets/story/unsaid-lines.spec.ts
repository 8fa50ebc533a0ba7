import { describe, expect, it } from 'vitest';
import type { ExplanationView, TargetStoryView } from '@flotilla/contracts';
import { targetOf } from '../../mock/factories.ts';
import { storyOf } from '../../mock/story-factory.ts';
import { unsaidLines } from './unsaid-lines.ts';

const since = '2026-01-01T00:00:00.000Z';
const reason = { code: 'ImagePullBackOff', message: 'not found' };
const suspended = { by: 'user:mara', reason: 'by hand', since };
const well = storyOf(targetOf({ application: 'a', environment: 'b', cluster: 'c' }, 'r', 0), 0);
const degraded = (explanation: readonly ExplanationView[]): TargetStoryView => ({
  ...well,
  status: { ...well.status, health: 'Degraded', reason },
  explanation: [...explanation],
});

describe('an explanation under what the story says in large letters', () => {
  it('does not repeat the reason, and leaves out a line that had nothing else', () => {
    const waiting = { state: 'waiting', blockedBy: 'cluster c is not heard' };
    const lines = [{ state: 'Synced, Degraded', blockedBy: 'ImagePullBackOff: not found', since }, waiting];
    expect(unsaidLines(degraded(lines))).toEqual([waiting]);
  });

  it('keeps of a repeated line who can act and when it is tried again', () => {
    const blockedBy = 'ImagePullBackOff: not found';
    const lines = [
      { state: 'failed', blockedBy, nextTry: since },
      { state: 'failed', blockedBy, whoCanAct: 'whoever may push' },
    ];
    expect(unsaidLines(degraded(lines))).toEqual([
      { state: 'failed', nextTry: since },
      { state: 'failed', whoCanAct: 'whoever may push' },
    ]);
  });

  it('does not say a second time who suspended it', () => {
    const line = { state: 'suspended', blockedBy: 'user:mara: by hand', since, whoCanAct: 'flotilla resume' };
    const story = { ...well, spec: { ...well.spec, suspended }, explanation: [line] };
    expect(unsaidLines(story)).toEqual([{ state: 'suspended', since, whoCanAct: 'flotilla resume' }]);
  });

  it('is whole where nothing stands above it', () => {
    expect(unsaidLines(well)).toEqual(well.explanation);
  });
});
