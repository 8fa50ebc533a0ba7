import { Controller, Req } from '@nestjs/common';
import { controlVerbs, openApiDocument, operations, protocol, type OperationResponse } from '@flotilla/contracts';
import { ServiceHealth, version } from '@flotilla/control-host';
import { ControlClient } from '@flotilla/platform-bus/nest';
import type { RawRequest } from '../http/raw-hooks.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { readiness } from './readiness.ts';

const { hook, openApi } = operations;

/** The API about itself, and the door for Git hosts. */
@Controller()
export class SystemController {
  constructor(
    private readonly control: ControlClient,
    private readonly service: ServiceHealth,
  ) {}

  @Serves(operations.live)
  live(): string {
    return 'ok\n';
  }

  @Serves(operations.ready)
  async ready(@Checked() { query }: Input<typeof operations.ready>): Promise<string> {
    return readiness(await this.service.checks(), { verbose: query.verbose !== undefined });
  }

  @Serves(operations.metrics)
  metrics(): Promise<string> {
    return this.service.metricsText();
  }

  @Serves(operations.version)
  version(): OperationResponse<typeof operations.version> {
    return { version, protocol: { oldest: protocol.oldest, newest: protocol.version } };
  }

  @Serves(openApi)
  openApi(): OperationResponse<typeof openApi> {
    return openApiDocument(version);
  }

  /** Whether a webhook counts is for `sources` to say, who holds the secret: the gateway holds no key. */
  @Serves(hook)
  hook(@Checked() { params }: Input<typeof hook>, @Req() request: RawRequest): Promise<OperationResponse<typeof hook>> {
    const signature = request.header('x-hub-signature-256');
    const body = (request.rawBytes ?? Buffer.alloc(0)).toString('base64');
    return this.control.ask(controlVerbs.hook, { repository: params.uid, body, ...(signature && { signature }) });
  }
}
