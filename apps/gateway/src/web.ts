import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import { packedAssets } from './packed-assets.ts';

const forEver = 'public, max-age=31536000, immutable';

/** Serves the built page. Its assets carry their digest in their names and may be kept for ever; the page itself may not. */
export function serveWeb(app: NestExpressApplication, directory: string): void {
  const page = join(directory, 'index.html');
  if (!existsSync(page)) return;
  app.use('/assets', packedAssets(join(directory, 'assets'), forEver));
  app.useStaticAssets(directory, {
    index: false,
    setHeaders: (response: Response, file: string) =>
      void response.setHeader('Cache-Control', /\/assets\//.test(file) ? forEver : 'no-cache'),
  });
  // Links into the page are the page: its router reads the path.
  app.use((request: Request, response: Response, next: NextFunction) => {
    const wantsPage = ['GET', 'HEAD'].includes(request.method) && request.accepts(['json', 'html']) === 'html';
    if (!wantsPage || /^\/(api|hooks|livez|readyz|metrics)(\/|$)/.test(request.path)) return next();
    response.setHeader('Cache-Control', 'no-cache').sendFile(page);
  });
}
