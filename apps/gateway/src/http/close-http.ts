import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Clock } from '@flotilla/foundation';

/** How long answers that are on their way may take to arrive. */
const graceMs = 5_000;

/**
 * Takes nothing new, lets what is on its way end, and cuts what has not ended after a while: somewhere a reader may have
 * stopped reading, and a server that closes waits for every one of them.
 */
export async function closeHttp(app: NestExpressApplication, clock: Clock): Promise<void> {
  const closed = new AbortController();
  const cut = async () => {
    await clock.sleep(graceMs, closed.signal);
    if (!closed.signal.aborted) app.getHttpServer().closeAllConnections();
  };
  void cut();
  await app.close();
  closed.abort();
}
