import { answerFailure, planApplication, planUpgrade } from '@flotilla/control-delivery';
import { runHandlers, runNest, runService, sweepTables } from '@flotilla/control-host';
import {
  deliveryRetention,
  DeliveryStore,
  PromotionStore,
  RecoveryStore,
  RollbackStore,
  StoredAgents,
  UpgradeStore,
} from '@flotilla/control-store';
import { isOpenUpgrade } from '@flotilla/model';
import { DeliveryModule } from './delivery.module.ts';
import { Hellos } from './hellos.ts';
import { measureRollouts } from './measure-rollouts.ts';
import { OrderSender } from './order-sender.ts';
import { OrderSigner } from './order-signer.ts';
import { Questions } from './questions.ts';
import { Recovery } from './recovery.ts';
import { SetSending } from './set-sending.ts';
import { deliverySettings } from './settings.ts';

/** How soon a running rollout is looked at when nobody marks it. */
const rolloutLookMs = 30_000;
/** And an agent upgrade: deadlines pass and targets recover without anybody's saying so. */
const upgradeLookMs = 10_000;

/** Plans what shall run where, and sends every cluster its signed set. Holds the order-signing key. */
await runService({
  name: 'delivery',
  settings: deliverySettings,
  start: async (service, settings) => {
    const { store, bus, clock, ids, logger } = service;
    const record = new DeliveryStore(store);
    const upgrades = new UpgradeStore(store);
    const signer = new OrderSigner(settings);
    const sender = new OrderSender({ bus, signer, clock });
    const sending = new SetSending({ ports: { record, sender }, clock });
    const hellos = new Hellos({ ports: { record, sender }, upgrades, sender, record, clock, logger });
    const questions = new Questions({ sender, clock, ids });
    const recovery = new Recovery(new RecoveryStore(store), questions);
    const promotions = new PromotionStore(store);
    const rollbacks = new RollbackStore(store);
    const agents = new StoredAgents(store);
    const parts = { promotions, rollbacks, agents, record, hellos, questions, signer, upgrades, recovery };
    const app = await runNest(service, DeliveryModule.with(parts));
    const work = runHandlers(service, {
      plan: {
        handle: async ({ key }) => (await planApplication({ record, ids }, key))?.nextLookMs,
        // They share transactions, and one commit changes a thousand of them.
        runningMax: 96,
        timeLimitMs: 60_000,
        gatherMs: 2,
      },
      set: {
        handle: async ({ key }) => void (await sending.send(key)),
        runningMax: 1_000,
        timeLimitMs: 30_000,
        gatherMs: 3,
      },
      rollout: {
        handle: async ({ key }) => {
          const progress = await record.settleRollout(key);
          if (!progress || progress.arrived === progress.total) return progress?.lookAgainMs;
          return Math.min(rolloutLookMs, progress.lookAgainMs ?? rolloutLookMs);
        },
        // They share looks as well; most of them rest.
        runningMax: 500,
        timeLimitMs: 30_000,
        restMs: 250,
        gatherMs: 100,
      },
      rollback: {
        handle: async ({ key }) => void (await answerFailure({ record: rollbacks, ids }, key)),
        runningMax: 4,
        timeLimitMs: 30_000,
      },
      freeze: {
        handle: ({ key }) => record.endFreeze(key),
        runningMax: 2,
        timeLimitMs: 30_000,
      },
      upgrade: {
        handle: async ({ key }) => {
          const plan = await upgrades.look(key, planUpgrade);
          return plan && isOpenUpgrade(plan.state) ? upgradeLookMs : undefined;
        },
        runningMax: 2,
        timeLimitMs: 30_000,
      },
    });
    return [measureRollouts(store), sweepTables(service, deliveryRetention), { stop: () => app.close() }, work];
  },
});
