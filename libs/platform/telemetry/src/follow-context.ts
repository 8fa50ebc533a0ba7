import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

/** Lets the active trace follow asynchronous calls. Enough by itself for a process that only passes traces on. */
export function followContext(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}
