import { Module, type DynamicModule } from '@nestjs/common';
import { DeliveryStore, PromotionStore, RollbackStore, UpgradeStore } from '@flotilla/control-store';
import { DeliveryController } from './delivery.controller.ts';
import { Hellos } from './hellos.ts';
import { OrderSigner } from './order-signer.ts';
import { Questions } from './questions.ts';
import { Recovery } from './recovery.ts';
import { RollbackController } from './rollback.controller.ts';

export interface DeliveryParts {
  readonly record: DeliveryStore;
  readonly hellos: Hellos;
  readonly questions: Questions;
  readonly signer: OrderSigner;
  readonly upgrades: UpgradeStore;
  readonly recovery: Recovery;
  readonly promotions: PromotionStore;
  readonly rollbacks: RollbackStore;
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
  }: DeliveryParts): DynamicModule {
    return {
      module: DeliveryModule,
      controllers: [DeliveryController, RollbackController],
      providers: [
        { provide: DeliveryStore, useValue: record },
        { provide: Hellos, useValue: hellos },
        { provide: Questions, useValue: questions },
        { provide: OrderSigner, useValue: signer },
        { provide: UpgradeStore, useValue: upgrades },
        { provide: Recovery, useValue: recovery },
        { provide: PromotionStore, useValue: promotions },
        { provide: RollbackStore, useValue: rollbacks },
      ],
    };
  }
}
