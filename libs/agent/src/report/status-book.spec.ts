import { beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { TargetStatus } from '@flotilla/model';
import { StatusBook } from './status-book.ts';

let clock: VirtualClock;
let book: StatusBook;
const room = { itemsMax: 10, bytesMax: 100_000 };
const enter = (target: string, over: Partial<TargetStatus> = {}, into = book) =>
  into.enter({ target, generation: 1, sync: 'Synced', health: 'Healthy', resources: [], ...over }, undefined);
const unconfirmed = (limits = room) => book.unconfirmed(limits).map(({ status }) => status.target);

beforeEach(() => {
  clock = new VirtualClock();
  book = new StatusBook(clock);
});

it('what was entered before is no news', () => {
  expect([enter('t1'), enter('t1'), enter('t1', { generation: 2 })]).toEqual([true, false, true]);
});

it('since moves with sync and health, and with nothing else', async () => {
  const since = () => book.unconfirmed(room)[0]!.status.since;
  enter('t1');
  await clock.advance(1_000);
  enter('t1', { generation: 2 });
  const first = since();
  enter('t1', { health: 'Degraded' });
  expect([first, since()]).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z']);
});

it('oldest news come first: what changes all the time never keeps the others from their turn', () => {
  for (const target of ['t1', 't2', 't3']) enter(target);
  enter('t1', { generation: 2 });
  expect(unconfirmed({ ...room, itemsMax: 2 })).toEqual(['t2', 't3']);
});

it('takes as much as fits, and one page however large it is', () => {
  for (const target of ['t1', 't2']) enter(target, { reason: { code: 'x', message: 'y'.repeat(500) } });
  expect([unconfirmed({ ...room, bytesMax: 900 }), unconfirmed({ ...room, bytesMax: 10 })]).toEqual([['t1'], ['t1']]);
});

it('what is confirmed is not said again until it changes, or all is forgotten', () => {
  enter('t1');
  enter('t2');
  book.confirm(book.unconfirmed(room));
  const confirmed = unconfirmed();
  enter('t2', { generation: 2 });
  const changed = unconfirmed();
  book.forgetConfirmations();
  expect([confirmed, changed, unconfirmed()]).toEqual([[], ['t2'], ['t1', 't2']]);
});

it('a confirmation of what changed meanwhile confirms only what was said', () => {
  enter('t1');
  const pages = book.unconfirmed(room);
  enter('t1', { generation: 2 });
  book.confirm(pages);
  expect(unconfirmed()).toEqual(['t1']);
});

it('the digest says what is stored, whatever the order; a target that was struck out is in it no more', () => {
  const other = new StatusBook(clock);
  for (const target of ['t1', 't2']) enter(target);
  for (const target of ['t2', 't1']) enter(target, {}, other);
  book.confirm(book.unconfirmed(room));
  const both = book.storedDigest();
  const said = other.storedDigest(other.unconfirmed(room));
  book.strike('t1');
  expect([both === said, book.storedDigest() === both, new StatusBook(clock).storedDigest()]).toEqual([
    true,
    false,
    '',
  ]);
});
