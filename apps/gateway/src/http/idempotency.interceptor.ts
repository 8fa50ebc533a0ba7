import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { Idempotency, IdempotentRequest, RememberedAnswer } from '@flotilla/control-access';
import { Fault } from '@flotilla/foundation';
import { digestOf } from '@flotilla/foundation/node';
import { openAnswer, sealAnswer } from './sealed-answer.ts';
import { operationOf, type GuardedRequest } from './serves.ts';

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * A POST that carries an `Idempotency-Key` has one effect, however often it is sent: repeats get the first answer. Until
 * then that is kept sealed with the caller's own token: answers hold secrets, and nobody else shall read them.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #idempotency: Idempotency;

  constructor(idempotency: Idempotency) {
    this.#idempotency = idempotency;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    const key = request.headers['idempotency-key'];
    if (operationOf(context)?.method !== 'POST' || typeof key !== 'string' || !request.principal) return next.handle();
    if (!keyPattern.test(key)) throw notAKey();
    const idempotent = {
      principal: request.principal.name,
      key,
      requestDigest: digestOf([request.path, request.body]),
    };
    request.requestKey = digestOf([idempotent.principal, key, idempotent.requestDigest]);
    const answer = { response: http.getResponse<Response>(), secret: request.headers.authorization ?? '' };
    return from(this.#once(idempotent, next, answer));
  }

  async #once(request: IdempotentRequest, next: CallHandler, { response, secret }: Answering): Promise<unknown> {
    const begun = await this.#idempotency.begin(request);
    if (!begun.ok) throw begun.reason === 'in-flight' ? underWay() : usedOtherwise();
    if (begun.value) {
      const first = openAnswer(begun.value.body, secret);
      if (!first) throw usedOtherwise();
      response.status(begun.value.status).setHeader('Idempotency-Replayed', 'true');
      return first.body;
    }
    const body = await lastValueFrom(next.handle()).catch(async (error: unknown) => {
      await this.#idempotency.abandon(request).catch(() => undefined);
      throw error;
    });
    await this.#remember(request, { status: response.statusCode, body: sealAnswer(body, secret) });
    return body;
  }

  /**
   * What is done is done, and told as such, whether or not the answer can be kept. Then the key is not free either: it
   * stays under way, so that a repeat is not carried out at once, until it counts as abandoned.
   */
  async #remember(request: IdempotentRequest, answer: RememberedAnswer): Promise<void> {
    await this.#idempotency.finish(request, answer).catch(() => undefined);
  }
}

interface Answering {
  readonly response: Response;
  readonly secret: string;
}

function notAKey(): Fault {
  const message = 'Idempotency-Key: must have 1 to 255 visible characters';
  return new Fault({ code: 'invalid', reason: 'IdempotencyKeyInvalid', message });
}

function underWay(): Fault {
  const message = 'a request with this Idempotency-Key is under way; ask again in a moment';
  return new Fault({ code: 'conflict', reason: 'RequestInFlight', message });
}

function usedOtherwise(): Fault {
  const message = 'this Idempotency-Key was used for another request; take a new one';
  return new Fault({ code: 'invalid', reason: 'IdempotencyKeyReused', message });
}
