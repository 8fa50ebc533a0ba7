import { Notice } from '../notes/notice.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { Age } from '../text/age.tsx';
import { CopyCommand } from '../text/copy-command.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import type { FreezeWords } from './freeze-words.ts';
import { useFreezes } from './use-freezes.ts';

/** Each freeze that stands in the project, and the command that lifts it. */
export function FreezeBanner() {
  const { freezes, problem } = useFreezes();
  return (
    <>
      {problem && <ProblemNote problem={problem} />}
      {freezes.map((freeze) => (
        <FreezeNotice key={freeze.name} freeze={freeze} />
      ))}
    </>
  );
}

function FreezeNotice({ freeze }: { readonly freeze: FreezeWords }) {
  const { name, stops, whom, reason, by, since, until, kept, lift } = freeze;
  return (
    <Notice tone="warn" icon="pause" title={<ForeignText text={`${name} freezes ${stops}: ${whom}`} />}>
      <span>
        <ForeignText text={reason} />, by <ForeignText text={by} /> <Age at={since} />, until{' '}
        <ForeignText text={until} />. {kept}.
      </span>
      <CopyCommand command={lift} />
    </Notice>
  );
}
