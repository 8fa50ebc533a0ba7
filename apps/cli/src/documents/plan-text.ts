import type { DocumentPlanView } from '@flotilla/contracts';
import { blastText } from '@flotilla/model';
import type { Tone, Tones } from '../output/tones.ts';
import { visible } from '../output/visible.ts';

export type DocumentChangeView = DocumentPlanView['changes'][number];
type Action = DocumentChangeView['action'];

const marks: Readonly<Record<Action, { readonly mark: string; readonly tone: Tone }>> = {
  create: { mark: '+', tone: 'good' },
  update: { mark: '~', tone: 'moving' },
  delete: { mark: '-', tone: 'bad' },
  unchanged: { mark: ' ', tone: 'faint' },
};

/** What would change, document by document and field by field. */
export function planText(changes: readonly DocumentChangeView[], tones: Tones): string {
  return changes
    .map((change) => {
      const { mark, tone } = marks[change.action];
      const line = tones[tone](`${mark} ${nameOfChange(change)}${change.action === 'unchanged' ? ' unchanged' : ''}`);
      const about = aboutText(change);
      const more = [...change.fields.map(visible), ...(about ? [about] : [])];
      return [line, ...more.map((text) => `    ${text}`)].map((text) => `${text}\n`).join('');
    })
    .join('');
}

/** `2 to create, 1 to update, 3 unchanged`. */
export function planSummary(changes: readonly DocumentChangeView[]): string {
  const words: Readonly<Record<Action, string>> = {
    create: 'to create',
    update: 'to update',
    delete: 'to delete',
    unchanged: 'unchanged',
  };
  return Object.entries(words)
    .map(([action, word]) => [changes.filter((change) => change.action === action).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}

const past: Readonly<Record<Action, string>> = {
  create: 'created',
  update: 'configured',
  delete: 'deleted',
  unchanged: 'unchanged',
};

/** What was done, in kubectl's words: `application/checkout configured`. */
export function doneText({ changes, dryRun }: DocumentPlanView): string {
  const note = dryRun ? ' (dry run)' : '';
  return changes
    .map((change) => {
      const about = aboutText(change);
      return `${nameOfChange(change)} ${past[change.action]}${note}${about ? `; ${about}` : ''}\n`;
    })
    .join('');
}

/** How much a freeze is about; nothing of other documents. Whoever lifts one may let nobody go: another one may stand there. */
function aboutText({ action, blast }: DocumentChangeView): string | undefined {
  if (!blast) return undefined;
  const what = blast.targets === 0 ? 'nothing that stands now' : blastText(blast);
  return `${action === 'delete' ? 'was about' : 'holds'} ${what}`;
}

export function nameOfChange({ kind, name }: Pick<DocumentChangeView, 'kind' | 'name'>): string {
  return visible(`${kind.toLowerCase()}/${name}`);
}
