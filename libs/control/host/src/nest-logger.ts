import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@flotilla/platform-telemetry';

/** What Nest itself has to say, in our log. Its start-up chatter is detail; its errors are errors. */
export function nestLogger(logger: Logger): LoggerService {
  const line = (level: 'debug' | 'warn' | 'error') => (message: unknown) =>
    logger[level]({ from: 'nest' }, String(message));
  return {
    log: line('debug'),
    debug: line('debug'),
    verbose: line('debug'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('error'),
  };
}
