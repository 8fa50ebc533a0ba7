import { Fault, isoTime, type Redacted } from '@flotilla/foundation';
import type { GrantedPermission, Page, PageRequest } from '@flotilla/model';
import { newApiToken, tokenId, type ApiToken } from './api-token.ts';
import { permits, reaches, type Principal } from './principal.ts';
import type { Tokens } from './tokens.port.ts';

/** The token that somebody asks for. */
export interface TokenWish {
  readonly name: string;
  readonly permission: GrantedPermission;
  readonly project?: string | undefined;
  readonly lifeMs?: number | undefined;
}

/** Where people get tokens, and hand them in: each no further than their own go. */
export class TokenDesk {
  readonly #tokens: Tokens;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  list({ project }: Principal, page: PageRequest): Promise<Page<ApiToken>> {
    return this.#tokens.list({ project, page });
  }

  /** Makes a token and gives its text, this once. */
  async make(
    wish: TokenWish,
    by: Principal,
    request: string,
  ): Promise<{ readonly token: ApiToken; readonly text: Redacted }> {
    const { permission, project, ...rest } = wish;
    if (!permits(by, permission) || !reaches(by, project)) throw moreThanOwn(by, wish);
    const { hash, text } = newApiToken();
    const actor = { kind: 'user', name: by.name } as const;
    const token = await this.#tokens.make({
      ...rest,
      hash,
      permission,
      ...(project !== undefined && { project }),
      by: actor,
      request,
    });
    if (token.hash !== hash) throw madeBefore(token);
    return { token, text };
  }

  /** Revokes one token by its id, or all of a name. */
  async revoke(token: string, by: Principal): Promise<readonly ApiToken[]> {
    const actor = { kind: 'user', name: by.name } as const;
    const revoked = await this.#tokens.revoke({ token, project: by.project, by: actor });
    if (revoked.ok) return revoked.value;
    throw revoked.reason === 'missing' ? missing(token) : lastAdmin(token);
  }
}

function moreThanOwn({ project }: Principal, wish: TokenWish): Fault {
  const own = project === undefined ? '' : `, which is for project ${project} alone`;
  const wished = `${wish.permission} in ${wish.project === undefined ? 'every project' : `project ${wish.project}`}`;
  const message = `nobody gives more than they have: this token${own} cannot make one with ${wished}`;
  return new Fault({ code: 'forbidden', reason: 'MoreThanOwn', message });
}

/** Only a hash of its text is kept, so nobody can be told it a second time. */
function madeBefore({ hash, name, createdAt }: ApiToken): Fault {
  const id = tokenId(hash);
  const message =
    `this request made token ${id} of ${name} at ${isoTime(createdAt.getTime())}, and its text is told once; ` +
    `if nobody has it, run: flotilla token revoke ${id}, and make another`;
  return new Fault({ code: 'conflict', reason: 'TokenMadeBefore', message });
}

function missing(token: string): Fault {
  const message = `there is no token ${token} that could be revoked; list them with: flotilla token list`;
  return new Fault({ code: 'not-found', reason: 'TokenMissing', message });
}

function lastAdmin(token: string): Fault {
  const message =
    `without ${token} nobody could make tokens any more: no other admin of all projects has one that does not expire; ` +
    'make one first: flotilla token create NAME --permission admin';
  return new Fault({ code: 'conflict', reason: 'LastAdmin', message });
}
