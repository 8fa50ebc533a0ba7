import { Controller } from '@nestjs/common';
import { operations, type OperationResponse } from '@flotilla/contracts';
import { TokenDesk } from '@flotilla/control-access';
import { parseDuration, systemClock } from '@flotilla/foundation';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { pageRequest, viewPage } from '../views/pages.ts';
import { tokenView } from '../views/token-view.ts';

const { createToken, listTokens, revokeToken } = operations;

/** API tokens: whose word counts, and how far. */
@Controller()
export class TokensController {
  constructor(private readonly desk: TokenDesk) {}

  @Serves(listTokens)
  async list(@Checked() { query, principal }: Input<typeof listTokens>): Promise<OperationResponse<typeof listTokens>> {
    const now = systemClock.now();
    return viewPage(await this.desk.list(principal, pageRequest(query)), (token) => tokenView(token, now));
  }

  @Serves(createToken)
  async create(
    @Checked() { body, principal, requestKey }: Input<typeof createToken>,
  ): Promise<OperationResponse<typeof createToken>> {
    const { expires, ...wish } = body;
    const lifeMs = expires === undefined ? undefined : parseDuration(expires);
    const { token, text } = await this.desk.make({ ...wish, lifeMs }, principal, requestKey);
    return { token: tokenView(token, systemClock.now()), text: text.reveal() };
  }

  @Serves(revokeToken)
  async revoke(
    @Checked() { params, principal }: Input<typeof revokeToken>,
  ): Promise<OperationResponse<typeof revokeToken>> {
    const revoked = await this.desk.revoke(params.token, principal);
    return { revoked: revoked.map((token) => tokenView(token, systemClock.now())) };
  }
}
