import type { z } from 'zod';
import type { GrantedPermission } from '@flotilla/model';

/** What a token must be allowed to do. `public` routes prove who is calling in their own way. */
export type Permission = GrantedPermission | 'public';

/**
 * One route, declared once: the gateway serves it, the client calls it, OpenAPI lists it, and the guard reads its
 * permission. A route that is not in the table does not exist.
 */
export interface Operation<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/api/v1/projects/{project}/targets/{target}`. */
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  /**
   * Outside of projects, and open all the same to a token that is for one project: whoever serves it keeps to what is of
   * that project.
   */
  readonly keepsToProject?: boolean;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly response: Response;
  /** Status of success; 200 when absent. */
  readonly status?: 200 | 201 | 202 | 204;
  /** The answer is a stream of server-sent events, each of the response's shape. */
  readonly stream?: boolean;
  /** The answer is plain text. */
  readonly text?: boolean;
}

export function operation<
  Response extends z.ZodType,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(declared: Operation<Params, Query, Body, Response>): Operation<Params, Query, Body, Response> {
  return declared;
}

/** What a handler receives: everything checked, defaults filled in. */
export interface OperationInput<Of extends Operation> {
  readonly params: Of extends Operation<infer Params, z.ZodType, z.ZodType, z.ZodType> ? z.output<Params> : never;
  readonly query: Of extends Operation<z.ZodType, infer Query, z.ZodType, z.ZodType> ? z.output<Query> : never;
  readonly body: Of extends Operation<z.ZodType, z.ZodType, infer Body, z.ZodType> ? z.output<Body> : never;
}

/** What a caller sends. */
export type OperationCall<Of extends Operation> =
  Of extends Operation<infer Params, infer Query, infer Body, z.ZodType>
    ? Part<'params', z.input<Params>> & Part<'query', z.input<Query>> & Part<'body', z.input<Body>>
    : never;

/** What a caller gets. */
export type OperationResponse<Of extends Operation> =
  Of extends Operation<z.ZodType, z.ZodType, z.ZodType, infer Response> ? z.output<Response> : never;

/** Nothing to send, something that may be left out, or something that must be there. */
type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [_ in Name]?: undefined }
  : Record<never, never> extends Value
    ? { readonly [_ in Name]?: Value }
    : { readonly [_ in Name]: Value };
