import { Controller } from '@nestjs/common';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { lookNow, takeWebhook, type Credential } from '@flotilla/control-sources';
import { CredentialStore, RepositoryStore } from '@flotilla/control-store';
import { Redacted } from '@flotilla/foundation';
import { systemActor } from '@flotilla/model';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';
import type { z } from 'zod';

const { hook, look, putCredential } = controlVerbs;

/** What other services ask of `sources`. */
@Controller()
export class SourcesController {
  constructor(
    readonly repositories: RepositoryStore,
    readonly credentials: CredentialStore,
  ) {}

  @AnswersVerb(hook)
  hook(@VerbRequest(hook) request: z.output<typeof hook.request>): Promise<ControlResponse<typeof hook>> {
    const body = Buffer.from(request.body, 'base64');
    return takeWebhook(this, request.repository, { signature: request.signature, body });
  }

  @AnswersVerb(look)
  look(@VerbRequest(look) request: z.output<typeof look.request>): Promise<ControlResponse<typeof look>> {
    return lookNow(this.repositories, request.project, request.repository);
  }

  @AnswersVerb(putCredential)
  async putCredential(@VerbRequest(putCredential) request: z.output<typeof putCredential.request>): Promise<object> {
    const { credential, by = systemActor('gateway') } = request;
    await this.credentials.put(request, credentialOf(credential), by);
    return {};
  }
}

/** Secrets are wrapped at the door: from here on nothing prints them. */
function credentialOf(body: z.output<typeof putCredential.request>['credential']): Credential {
  switch (body.kind) {
    case 'basic':
      return { ...body, password: new Redacted(body.password) };
    case 'bearer':
      return { ...body, token: new Redacted(body.token) };
    case 'address':
      return { kind: 'address', address: new Redacted(body.address) };
    case 'webhook':
      return { kind: 'webhook', secret: new Redacted(body.secret) };
  }
}
