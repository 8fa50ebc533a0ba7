import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';
import { ZodError } from 'zod';
import { Fault, toFault } from '@flotilla/foundation';

/** Sends a fault across by its code and reason, so that the asking side can rebuild it. */
@Catch()
export class FaultFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    const { code, reason, message, subject } = thrown instanceof ZodError ? badRequest(thrown) : toFault(thrown);
    return throwError(() => ({ code, reason, message, ...(subject && { subject }) }));
  }
}

function badRequest(error: ZodError): Fault {
  const [issue] = error.issues;
  const message = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`;
  return new Fault({ code: 'invalid', reason: 'RequestInvalid', message });
}
