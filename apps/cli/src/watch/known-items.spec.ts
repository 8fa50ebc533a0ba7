import { describe, expect, it } from 'vitest';
import { KnownItems } from './known-items.ts';

interface Item {
  readonly uid: string;
  readonly look: string;
  readonly wanted?: boolean;
}

const item = (uid: string, look = '1', wanted = true): Item => ({ uid, look, wanted });

function knowing(...items: readonly Item[]): KnownItems {
  const known = new KnownItems({
    uidOf: (one) => (one as Item).uid,
    isWanted: (one) => (one as Item).wanted ?? true,
    lookOf: (one) => (one as Item).look,
  });
  known.take({ type: 'all', items });
  return known;
}

describe('what is new to a reader', () => {
  it.each([
    ['a thing that came', { type: 'changed', item: item('b') }, [{ type: 'ADDED', item: item('b') }]],
    [
      'a thing that looks another way',
      { type: 'changed', item: item('a', '2') },
      [{ type: 'MODIFIED', item: item('a', '2') }],
    ],
    ['nothing, when it looks the same', { type: 'changed', item: item('a') }, []],
    ['a thing that went', { type: 'gone', uid: 'a' }, [{ type: 'DELETED', item: item('a') }]],
    ['nothing of a thing that was never shown', { type: 'gone', uid: 'z' }, []],
    [
      'a thing that is no longer wanted, as it is now',
      { type: 'changed', item: item('a', '2', false) },
      [{ type: 'DELETED', item: item('a', '2', false) }],
    ],
    ['nothing of a thing that nobody wants', { type: 'changed', item: item('z', '1', false) }, []],
    [
      'what changed while the line was cut',
      { type: 'all', items: [item('b'), item('c')] },
      [
        { type: 'ADDED', item: item('b') },
        { type: 'ADDED', item: item('c') },
        { type: 'DELETED', item: item('a') },
      ],
    ],
    ['nothing, when nothing changed meanwhile', { type: 'all', items: [item('a')] }, []],
  ] as const)('%s', (_, event, changes) => expect(knowing(item('a')).take(event)).toEqual(changes));
});
