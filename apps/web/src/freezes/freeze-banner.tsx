import { Notice } from '../notes/notice.tsx';
import { ProblemNote } from '../notes/problem-note.tsx';
import { Age } from '../text/age.tsx';
import { CopyCommand } from '../text/copy-command.tsx';
import { exactTime } from '../text/exact-time.ts';
import { ForeignText } from '../text/foreign-text.tsx';
import type { FreezeWords } from './freeze-words.ts';
import { useFreezes } from './use-freezes.ts';

/** Each freeze that stands in the project, and how it is lifted. */
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
  const { name, stops, whom, reason, by, since, expires, kept, lift } = freeze;
  return (
    <Notice tone="warn" icon="pause" title={<ForeignText text={`${name} freezes ${stops}: ${whom}`} />}>
      <span>
        <ForeignText text={reason} />, by <ForeignText text={by} /> <Age at={since} />, until{' '}
        {expires ? <time dateTime={expires}>{exactTime(expires)}</time> : 'somebody lifts it'}. Acknowledged by {kept}.
      </span>
      {'command' in lift ? (
        <CopyCommand command={lift.command} />
      ) : (
        <span>
          It is lifted by a commit: <ForeignText text={lift.owner} /> owns it.
        </span>
      )}
    </Notice>
  );
}
