import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { operations, type Operation } from '@flotilla/contracts';
import { Fault, RateLimit, type Clock } from '@flotilla/foundation';
import { callerAddress, type TrustedProxies } from './caller-address.ts';
import { operationOf, type GuardedRequest } from './serves.ts';

/** Doors that anybody may knock at, and behind which something costly is done. */
const doors: readonly Operation[] = [operations.enrol, operations.renew];

/** What one address may ask for, and what all of them together may. A fleet that comes back at once gets in in turn. */
const limits = {
  address: { perSecond: 20, burst: 60, keysMax: 10_000 },
  all: { perSecond: 200, burst: 600, keysMax: 1 },
} as const;

/**
 * Bounds how often the doors of agents are knocked at. An address is that of the connection: what a header claims is
 * believed of trusted proxies only. One in front that is not among them counts as one address, whose share is meant to be
 * enough for a fleet.
 */
export class DoorGuard implements CanActivate {
  readonly #addresses: RateLimit;
  readonly #all: RateLimit;
  readonly #proxies: TrustedProxies;

  constructor(clock: Clock, proxies: TrustedProxies) {
    this.#proxies = proxies;
    this.#addresses = new RateLimit({ clock, ...limits.address });
    this.#all = new RateLimit({ clock, ...limits.all });
  }

  canActivate(context: ExecutionContext): boolean {
    const operation = operationOf(context);
    if (!operation || !doors.includes(operation)) return true;
    const caller = callerAddress(context.switchToHttp().getRequest<GuardedRequest>(), this.#proxies);
    // Whoever is over his own share takes nothing from that of the others.
    const waitMs = this.#addresses.take(networkOf(caller)) || this.#all.take('all');
    if (waitMs > 0) throw tooMany(waitMs);
    return true;
  }
}

/** Whoever has one address of IPv6 has a network of 64 bits of them: its first four groups, zeros that `::` hides included. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before = '', after] = address.split('::');
  const [left, right] = [before, after ?? ''].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const hidden = after === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: hidden }, () => '0'), ...right].slice(0, 4).join(':');
}

function tooMany(afterMs: number): Fault {
  return new Fault({
    code: 'too-many',
    reason: 'TooManyRequests',
    message: `too many ask to be let in right now; try again in ${Math.ceil(afterMs / 1_000)} s`,
    consequence: { kind: 'retry', afterMs },
  });
}
