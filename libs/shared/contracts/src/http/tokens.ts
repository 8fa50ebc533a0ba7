import { z } from 'zod';
import { nameSchema, permissions, tokenLifeSchema, userNameSchema } from '@flotilla/model';
import { filterText, metadataView, pageOf, pageQuery } from './common.ts';
import { operation } from './operation.ts';

const permissionSchema = z.enum(permissions);

/** An API token without its text: who it speaks for, how far it goes, what became of it. */
export const tokenView = z.object({
  kind: z.literal('Token'),
  /** Several tokens may have one name: that of the person. */
  metadata: metadataView.pick({ uid: true, name: true, createdAt: true }),
  spec: z.object({
    permission: permissionSchema,
    /** The one project that it is for; absent: all of them. */
    project: z.string().optional(),
    expiresAt: z.string().optional(),
  }),
  status: z.object({
    state: z.enum(['Active', 'Expired', 'Revoked']),
    /** Absent where the gateway's settings told it. */
    createdBy: z.string().optional(),
    /** To the minute. */
    lastUsedAt: z.string().optional(),
    revokedAt: z.string().optional(),
    revokedBy: z.string().optional(),
  }),
});

export type TokenView = z.infer<typeof tokenView>;

export const tokenOperations = {
  listTokens: operation({
    method: 'GET',
    path: '/api/v1/tokens',
    summary: 'List API tokens, newest first; never their texts',
    permission: 'admin',
    keepsToProject: true,
    query: pageQuery,
    response: pageOf(tokenView),
  }),
  createToken: operation({
    method: 'POST',
    path: '/api/v1/tokens',
    summary: 'Make an API token for somebody, with no more than one has oneself; its text is told this once',
    permission: 'admin',
    keepsToProject: true,
    body: z.object({
      name: userNameSchema,
      permission: permissionSchema,
      project: nameSchema.optional(),
      expires: tokenLifeSchema.optional(),
    }),
    response: z.object({ token: tokenView, text: z.string() }),
    status: 201,
  }),
  revokeToken: operation({
    method: 'DELETE',
    path: '/api/v1/tokens/{token}',
    summary: 'Revoke the token of an id, or every token of a name; what is open with it ends',
    permission: 'admin',
    keepsToProject: true,
    params: z.object({ token: filterText(200).min(1) }),
    response: z.object({ revoked: z.array(tokenView) }),
  }),
} as const;
