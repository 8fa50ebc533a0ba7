import type { NestExpressApplication } from '@nestjs/platform-express';
import { serveWeb } from '../web.ts';
import { boundServer } from './bound-server.ts';
import { jsonBodies } from './json-bodies.ts';
import { rawHooks } from './raw-hooks.ts';
import { refuseMalformed } from './refuse-malformed.ts';
import { securityHeaders } from './security-headers.ts';
import { traceRequests } from './trace-requests.ts';

/** The way of every request, in order, before guard and controllers see it. */
export function configureHttp(app: NestExpressApplication, webDirectory?: string): void {
  app.disable('x-powered-by');
  // Nothing of the API is kept, so there is nothing to compare.
  app.disable('etag');
  app.use(securityHeaders);
  if (webDirectory) serveWeb(app, webDirectory);
  app.use(traceRequests);
  app.use('/hooks', rawHooks);
  app.use(jsonBodies);
  boundServer(app.getHttpServer());
  app.getHttpServer().on('clientError', refuseMalformed);
}
