import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveryStore, PromotionStore, RollbackStore, StoredAgents, UpgradeStore } from '@flotilla/control-store';
import { AgentsController } from './agents.controller.ts';
import { DeliveryController } from './delivery.controller.ts';
import { Hellos } from './hellos.ts';
import { OrderSigner } from './order-signer.ts';
import { OrderDiffsController } from './order-diffs.controller.ts';
import { PromotionController } from './promotion.controller.ts';
import { Questions } from './questions.ts';
import { RecoveryController } from './recovery.controller.ts';
import { Recovery } from './recovery.ts';
import { RollbackController } from './rollback.controller.ts';
import { UpgradeController } from './upgrade.controller.ts';

export interface DeliveryParts {
  readonly record: DeliveryStore;
  readonly hellos: Hellos;
  readonly questions: Questions;
  readonly signer: OrderSigner;
  readonly upgrades: UpgradeStore;
  readonly recovery: Recovery;
  readonly promotions: PromotionStore;
  readonly rollbacks: RollbackStore;
  readonly agents: StoredAgents;
}

@Module({})
export class DeliveryModule {
  static with({
    record,
    hellos,
    questions,
    signer,
    upgrades,
    recovery,
    promotions,
    rollbacks,
    agents,
  }: DeliveryParts): DynamicModule {
    return {
      module: DeliveryModule,
      controllers: [
        AgentsController,
        DeliveryController,
        PromotionController,
        RollbackController,
        OrderDiffsController,
        UpgradeController,
        RecoveryController,
      ],
      providers: [
        { provide: DeliveryStore, useValue: record },
        { provide: Hellos, useValue: hellos },
        { provide: Questions, useValue: questions },
        { provide: OrderSigner, useValue: signer },
        { provide: UpgradeStore, useValue: upgrades },
        { provide: Recovery, useValue: recovery },
        { provide: PromotionStore, useValue: promotions },
        { provide: RollbackStore, useValue: rollbacks },
        { provide: StoredAgents, useValue: agents },
      ],
    };
  }
}
