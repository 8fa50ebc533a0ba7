import { operations, type OperationCall, type OperationResponse, type RanView } from '@flotilla/contracts';
import type { Api } from '../api.ts';
import type { Session } from '../session.ts';

type Page = OperationResponse<typeof operations.listDeployments>;
export type RanQuery = NonNullable<OperationCall<typeof operations.listDeployments>['query']>;

/** Every deployment that is asked for, and what the record cannot say of them. */
export interface RanHistory extends Pick<Page, 'knownSince' | 'withoutImages'> {
  readonly items: readonly RanView[];
}

export async function readRan({ client, project }: Api, query: RanQuery): Promise<RanHistory> {
  const items: RanView[] = [];
  let cursor: string | undefined;
  for (;;) {
    const asked = { ...query, limit: 500, ...(cursor && { cursor }) };
    const page: Page = await client.call(operations.listDeployments, { params: { project }, query: asked });
    items.push(...page.items);
    cursor = page.nextCursor;
    if (!cursor) return { ...page, items };
  }
}

/** Says where the answer is not whole: silence of the record is no answer. */
export function noteGaps(session: Session, { knownSince, withoutImages }: RanHistory, at: string | undefined): void {
  if (knownSince && (at === undefined || at < knownSince))
    session.note(
      `of what was before ${knownSince} not everything is kept: targets may be missing (DEPLOYMENT_RETENTION)`,
    );
  if (withoutImages) session.note(`${withoutImages} more say nothing of their images: an older agent reported them`);
}
