import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { TokenDesk, type Idempotency, type LedgerReader, type Tokens } from '@flotilla/control-access';
import type { AgentUpgradeReader, DeliveryReader, RollbackReader } from '@flotilla/control-delivery';
import type { DeadLetterDesk, FleetReader } from '@flotilla/control-fleet';
import { ServiceHealth, type Service } from '@flotilla/control-host';
import type { Documents, SourcesReader } from '@flotilla/control-sources';
import {
  DeadLetterStore,
  DocumentStore,
  IdempotencyStore,
  StoredDelivery,
  StoredFleet,
  StoredLedger,
  StoredRollbacks,
  StoredSources,
  StoredUpgrades,
  TokenStore,
} from '@flotilla/control-store';
import type { Clock } from '@flotilla/foundation';
import { ControlClient } from '@flotilla/platform-bus/nest';
import type { Logger } from '@flotilla/platform-telemetry';
import { AgentUpgradesController } from './agent-upgrades/agent-upgrades.controller.ts';
import { ClustersController } from './clusters/clusters.controller.ts';
import { AgentsDoor } from './dead-letters/agents-door.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { DeliveryController } from './delivery/delivery.controller.ts';
import { RolloutsController } from './delivery/rollouts.controller.ts';
import { DocumentsController } from './documents/documents.controller.ts';
import { Changes } from './events/changes.ts';
import { EventsController } from './events/events.controller.ts';
import { OpenStreams } from './events/open-streams.ts';
import { AccessGuard } from './http/access.guard.ts';
import { AnswerInterceptor } from './http/answer.interceptor.ts';
import type { TrustedProxies } from './http/caller-address.ts';
import { DoorGuard } from './http/door.guard.ts';
import { IdempotencyInterceptor } from './http/idempotency.interceptor.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { OrderDiffsController } from './order-diffs/order-diffs.controller.ts';
import { PromotionsController } from './promotions/promotions.controller.ts';
import { RecoveryController } from './recovery/recovery.controller.ts';
import { RollbacksController } from './rollbacks/rollbacks.controller.ts';
import { SystemController } from './system/system.controller.ts';
import { TargetsController } from './targets/targets.controller.ts';
import { TokensController } from './tokens/tokens.controller.ts';

/** Everything that the gateway stands on. All are ports, so that a test can be the rest of the world. */
export interface GatewayParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tokens: Tokens;
  readonly idempotency: Idempotency;
  readonly control: Pick<ControlClient, 'ask'>;
  readonly health: Pick<ServiceHealth, 'checks' | 'metricsText'>;
  readonly changes: Pick<Changes, 'follow'>;
  readonly documents: Documents;
  readonly sources: SourcesReader;
  readonly delivery: DeliveryReader;
  readonly rollbacks: RollbackReader;
  readonly upgrades: AgentUpgradeReader;
  readonly fleet: FleetReader;
  readonly ledger: LedgerReader;
  readonly deadLetters: DeadLetterDesk;
  readonly agentsDoor: Pick<AgentsDoor, 'say'>;
  readonly proxies: TrustedProxies;
}

/** The parts as they are in a running service. */
export function storedParts(
  { store, clock, logger, control, ...service }: Service,
  { changes, proxies }: { readonly changes: Changes; readonly proxies: TrustedProxies },
): GatewayParts {
  return {
    clock,
    logger,
    control,
    changes,
    proxies,
    tokens: new TokenStore(store),
    idempotency: new IdempotencyStore(store),
    health: new ServiceHealth(service),
    documents: new DocumentStore(store),
    sources: new StoredSources(store),
    delivery: new StoredDelivery(store),
    rollbacks: new StoredRollbacks(store),
    upgrades: new StoredUpgrades(store),
    fleet: new StoredFleet(store),
    ledger: new StoredLedger(store),
    deadLetters: new DeadLetterStore(store),
    agentsDoor: new AgentsDoor(service.bus),
  };
}

@Module({})
export class GatewayModule {
  /** Nest finds a part by a class, for which the port's production filling stands. */
  static with(parts: GatewayParts): DynamicModule {
    const { clock, logger, tokens, idempotency, proxies } = parts;
    return {
      module: GatewayModule,
      controllers: [
        SystemController,
        DocumentsController,
        RollbacksController,
        OrderDiffsController,
        AgentUpgradesController,
        ClustersController,
        TargetsController,
        DeliveryController,
        PromotionsController,
        RolloutsController,
        EventsController,
        DeadLettersController,
        RecoveryController,
        TokensController,
      ],
      providers: [
        { provide: ControlClient, useValue: parts.control },
        { provide: Changes, useValue: parts.changes },
        { provide: ServiceHealth, useValue: parts.health },
        { provide: DocumentStore, useValue: parts.documents },
        { provide: StoredSources, useValue: parts.sources },
        { provide: StoredDelivery, useValue: parts.delivery },
        { provide: StoredRollbacks, useValue: parts.rollbacks },
        { provide: StoredUpgrades, useValue: parts.upgrades },
        { provide: StoredFleet, useValue: parts.fleet },
        { provide: StoredLedger, useValue: parts.ledger },
        { provide: DeadLetterStore, useValue: parts.deadLetters },
        { provide: AgentsDoor, useValue: parts.agentsDoor },
        { provide: TokenDesk, useValue: new TokenDesk(tokens) },
        { provide: OpenStreams, useValue: new OpenStreams(tokens, clock) },
        { provide: APP_GUARD, useValue: new DoorGuard(clock, proxies) },
        { provide: APP_GUARD, useValue: new AccessGuard(tokens, clock) },
        { provide: APP_INTERCEPTOR, useValue: new IdempotencyInterceptor(idempotency) },
        { provide: APP_INTERCEPTOR, useValue: new AnswerInterceptor(logger) },
        { provide: APP_FILTER, useValue: new ProblemFilter(logger) },
      ],
    };
  }
}
