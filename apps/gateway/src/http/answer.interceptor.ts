import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';
import { counter, metricList, type Logger } from '@flotilla/platform-telemetry';
import { operationOf } from './serves.ts';

const dropped = counter(metricList.itemsUnreadable);

/**
 * Holds lists to the contract, item by item. A row that makes no sense, whoever wrote it, hides itself and no other; that
 * it is missing is counted, and the log says which one.
 */
export class AnswerInterceptor implements NestInterceptor {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const response = operationOf(context)?.response;
    const item = response instanceof z.ZodObject ? (response.shape as { items?: unknown }).items : undefined;
    if (!(item instanceof z.ZodArray)) return next.handle();
    const { path } = operationOf(context)!;
    return next.handle().pipe(map((page) => this.#readable(page as Page, item.element as z.ZodType, path)));
  }

  #readable(page: Page, schema: z.ZodType, path: string): Page {
    const items = page.items.filter((item) => {
      const { error } = schema.safeParse(item);
      if (error) this.#tell(item, error, path);
      return !error;
    });
    return { ...page, items };
  }

  #tell(item: unknown, { issues }: z.ZodError, path: string): void {
    dropped({ path });
    const { uid, metadata } = (item ?? {}) as { uid?: unknown; metadata?: { uid?: unknown } };
    const [issue] = issues;
    const named = metadata?.uid ?? uid;
    const which = typeof named === 'string' ? named.slice(0, 64) : 'unknown';
    this.#logger.error(
      { path, which, at: issue?.path.join('.').slice(0, 200), error: issue?.message },
      'a row cannot be shown',
    );
  }
}

interface Page {
  readonly items: readonly unknown[];
}
