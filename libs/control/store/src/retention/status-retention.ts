import { before, found, type RetentionRule } from './sweep-table.ts';

const weekMs = 7 * 86_400_000;

const targetIsGone = `NOT ${found('target', 'target.uid = old.target')}`;

/** What `status` writes: history for as long as it was told, and nothing about targets that are gone. */
export function statusRetention({ deploymentsMs }: { readonly deploymentsMs: number }): readonly RetentionRule[] {
  return [
    {
      table: 'deployment',
      by: 'target',
      remembers: 'at',
      // However long ago it was, what a target runs now stays known.
      removable: `old.at < ${before(deploymentsMs)} AND (${targetIsGone}
        OR ${found('deployment later', 'later.target = old.target AND later.at > old.at')})`,
    },
    { table: 'target_status', by: 'target', removable: targetIsGone },
    { table: 'target_detail', by: 'target', removable: targetIsGone },
    { table: 'join_token', by: 'cluster', removable: `old.expires_at < ${before(weekMs)}` },
  ];
}
