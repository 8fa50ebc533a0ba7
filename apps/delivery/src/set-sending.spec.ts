import { expect, it } from 'vitest';
import type { SetContent } from '@flotilla/control-delivery';
import { inMemoryDeliveryWorld } from '@flotilla/control-delivery/testing';
import { planApplication } from '@flotilla/control-delivery';
import { toFault } from '@flotilla/foundation';
import { Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { SetSending } from './set-sending.ts';

it('many clusters are read once, and one that cannot be served fails alone', async () => {
  const world = inMemoryDeliveryWorld();
  const clusters = [await world.addCluster('c1'), await world.addCluster('c2'), await world.addCluster('c3')];
  await world.push('checkout');
  await planApplication(world, world.uids.checkout);
  const [clock, line, sent] = [new VirtualClock(), new Trouble(), [] as SetContent[]];
  let reads = 0;
  const record = Object.assign(Object.create(world.record) as typeof world.record, {
    setsFor: (...held: Parameters<typeof world.record.setsFor>) => {
      reads++;
      return world.record.setsFor(...held);
    },
  });
  const sender = line.over({ send: async (content: SetContent) => void sent.push(content) });
  const sending = new SetSending({ ports: { record, sender }, clock });
  line.fail('before', 1);
  const outcomes = clusters.map((cluster) =>
    sending.send(cluster).then(
      () => 'sent',
      (error: unknown) => toFault(error).reason,
    ),
  );
  await clock.advance(1);
  expect([await Promise.all(outcomes), sent.map(({ cluster }) => cluster), reads]).toEqual([
    ['LineBroken', 'sent', 'sent'],
    clusters.slice(1),
    1,
  ]);
});
