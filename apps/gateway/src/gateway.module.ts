import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { ServiceHealth, type Service } from '@flotilla/control-host';
import {
  DocumentStore,
  IdempotencyStore,
  StoredDelivery,
  StoredFleet,
  StoredLedger,
  StoredSources,
  TokenStore,
} from '@flotilla/control-store';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { ClustersController } from './clusters/clusters.controller.ts';
import { DeliveryController } from './delivery/delivery.controller.ts';
import { DocumentsController } from './documents/documents.controller.ts';
import { Changes } from './events/changes.ts';
import { EventsController } from './events/events.controller.ts';
import { AccessGuard } from './http/access.guard.ts';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { TraceInterceptor } from './http/trace.interceptor.ts';
import { SystemController } from './system/system.controller.ts';
import { TargetsController } from './targets/targets.controller.ts';

@Module({})
export class GatewayModule {
  static with(service: Service, changes: Changes): DynamicModule {
    const { store, clock, logger, control } = service;
    return {
      module: GatewayModule,
      controllers: [
        SystemController,
        DocumentsController,
        ClustersController,
        TargetsController,
        DeliveryController,
        EventsController,
      ],
      providers: [
        { provide: ControlClient, useValue: control },
        { provide: Changes, useValue: changes },
        { provide: ServiceHealth, useValue: new ServiceHealth(service) },
        { provide: DocumentStore, useValue: new DocumentStore(store) },
        { provide: StoredSources, useValue: new StoredSources(store) },
        { provide: StoredDelivery, useValue: new StoredDelivery(store) },
        { provide: StoredFleet, useValue: new StoredFleet(store) },
        { provide: StoredLedger, useValue: new StoredLedger(store) },
        { provide: APP_GUARD, useValue: new AccessGuard(new TokenStore(store), clock) },
        { provide: APP_INTERCEPTOR, useValue: new TraceInterceptor() },
        { provide: APP_INTERCEPTOR, useValue: new IdempotencyInterceptor(new IdempotencyStore(store), clock) },
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      ],
    };
  }
}
