import { expect, it } from 'vitest';
import type { EventView } from '@flotilla/contracts';
import { newestFirst } from './newest-first.ts';

const line = (id: string, at: string): EventView => ({ id, at, actor: '', action: '', subject: '', message: '' });

it('the newest line is on top, and of one moment the one that was written last', () => {
  const lines = [line('a', '12:01'), line('b', '12:03'), line('c', '12:01'), line('d', '12:02')];
  expect(newestFirst(lines).map(({ id }) => id)).toEqual(['b', 'd', 'c', 'a']);
});
