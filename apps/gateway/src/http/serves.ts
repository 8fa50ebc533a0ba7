import {
  applyDecorators,
  createParamDecorator,
  Delete,
  Get,
  Header,
  HttpCode,
  Patch,
  Post,
  Put,
  SetMetadata,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import type { z } from 'zod';
import type { Operation, OperationInput, ProblemItem } from '@flotilla/contracts';
import type { Principal } from '@flotilla/control-access';
import { systemIds } from '@flotilla/foundation';
import { InvalidRequest } from './invalid-request.ts';

const operationKey = 'flotilla:operation';

/** A request after the guard saw it: what it asks for, and who asks. */
export interface GuardedRequest extends Request {
  operation?: Operation | undefined;
  principal?: Principal;
  /** The token that it came with. */
  tokenHash?: string;
  /** What makes repeats of this request one request. */
  requestKey?: string;
}

/** What a handler gets: the checked parts of the request, and who sent it. */
export type Input<Of extends Operation> = OperationInput<Of> & {
  readonly principal: Principal;
  readonly tokenHash: string;
  /** Differs from request to request, and is the same for repeats of one with its `Idempotency-Key`. */
  readonly requestKey: string;
};

const verbs = { GET: Get, POST: Post, PUT: Put, PATCH: Patch, DELETE: Delete } as const;

/** Marks a controller method that serves one operation of the contract: its route, its status, its permission. */
export function Serves(operation: Operation): MethodDecorator {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
  return applyDecorators(
    verbs[operation.method](path),
    HttpCode(operation.status ?? 200),
    ...(operation.text ? [Header('Content-Type', 'text/plain; charset=utf-8')] : []),
    SetMetadata(operationKey, operation),
  );
}

/** The operation that a handler serves; `undefined` for a route outside the contract, which the guard then refuses. */
export function operationOf(context: ExecutionContext): Operation | undefined {
  return Reflect.getMetadata(operationKey, context.getHandler()) as Operation | undefined;
}

/** The request, checked against the contract before the handler sees it. Every problem is named, not the first only. */
export const Checked = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const operation = operationOf(context)!;
  const request = context.switchToHttp().getRequest<GuardedRequest>();
  if (operation.body && request.is('json') === false) throw new InvalidRequest([notJson]);
  const problems: ProblemItem[] = [];
  const input = {
    params: checked(operation.params, request.params, { where: 'path', problems }),
    query: checked(operation.query, request.query, { where: 'query', problems }),
    body: checked(operation.body, request.body, { where: 'body', problems }),
    principal: request.principal,
    tokenHash: request.tokenHash,
    requestKey: request.requestKey ?? systemIds.next(),
  };
  if (problems.length > 0) throw new InvalidRequest(problems);
  return input;
});

const notJson = { path: 'body', message: 'must be JSON, sent with `Content-Type: application/json`' };

function checked(
  schema: z.ZodType | undefined,
  value: unknown,
  { where, problems }: { where: string; problems: ProblemItem[] },
): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    problems.push({ message: issue.message, path: [where, ...issue.path.map(String)].join('.') });
  }
  return undefined;
}
