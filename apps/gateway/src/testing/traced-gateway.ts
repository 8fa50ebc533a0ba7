import { startTelemetry } from '@flotilla/platform-telemetry/sdk';
import { openGateway, type TestGateway } from './open-gateway.ts';

/** The trace of a caller, and the header that carries it. */
export const traceId = '0af7651916cd43dd8448eb211c80319c';
export const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

/** A gateway in a process that traces, as production does; it traces until the gateway stops. */
export async function openTracedGateway(): Promise<TestGateway> {
  const telemetry = startTelemetry({ service: 'test', version: '0' });
  const gateway = await openGateway();
  const stop = async () => {
    await gateway.stop();
    await telemetry.stop();
  };
  return { ...gateway, stop };
}
