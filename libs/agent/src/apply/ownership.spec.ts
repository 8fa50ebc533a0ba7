import { describe, expect, it } from 'vitest';
import type { InventoryItem } from '../keep/target-record.ts';
import type { LiveObject } from '../live/live-object.ts';
import { items } from '../testing/factories.ts';
import { isOurs, isProvenOurs } from './ownership.ts';

const item = items('ConfigMap/one')[0]!;
const cutOff: InventoryItem = { key: item.key, apiVersion: 'v1' };
const live = { uid: item.uid, target: 'target1', fields: { 'f:data': {} } } as unknown as LiveObject;

const rows: readonly {
  readonly what: string;
  readonly item: InventoryItem | undefined;
  readonly live: LiveObject;
  readonly ours: boolean;
  readonly proven: boolean;
}[] = [
  { what: 'under the uid of the inventory', item, live, ours: true, proven: true },
  {
    what: 'under the uid of the inventory, our marks taken off',
    item,
    live: { ...live, target: undefined, fields: undefined },
    ours: true,
    proven: false,
  },
  {
    what: 'under another uid, with our label and our fields',
    item,
    live: { ...live, uid: 'other' },
    ours: false,
    proven: false,
  },
  { what: 'not in the inventory, with our label and our fields', item: undefined, live, ours: false, proven: false },
  { what: 'about to be made, with our label and our fields', item: cutOff, live, ours: true, proven: true },
  {
    what: 'about to be made, with a copied label alone',
    item: cutOff,
    live: { ...live, fields: undefined },
    ours: false,
    proven: false,
  },
  {
    what: 'about to be made, with the label of another target',
    item: cutOff,
    live: { ...live, target: 'target2' },
    ours: false,
    proven: false,
  },
  {
    what: 'about to be made again, under a new uid',
    item: { ...item, making: true },
    live: { ...live, uid: 'new' },
    ours: true,
    proven: true,
  },
  {
    what: 'about to be made again, by somebody else',
    item: { ...item, making: true },
    live: { ...live, uid: 'new', fields: undefined },
    ours: false,
    proven: false,
  },
];

describe('AT-03 ownership is proven, not inferred', () => {
  it.each(rows)('$what: ours $ours, to be deleted as ours $proven', ({ item: known, live: seen, ours, proven }) => {
    const question = { target: 'target1', item: known, live: seen };
    expect([isOurs(question), isProvenOurs(question)]).toEqual([ours, proven]);
  });
});
