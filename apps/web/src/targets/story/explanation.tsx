import type { ExplanationView, TargetStoryView } from '@flotilla/contracts';
import { Section } from '../../notes/section.tsx';
import { Age } from '../../text/age.tsx';
import { ForeignText } from '../../text/foreign-text.tsx';
import { exactTime } from '../../text/exact-time.ts';
import { unsaidLines } from './unsaid-lines.ts';
import styles from './story.module.css';

/** Why it is as it is: what stands in the way, since when, who can act, and when it is tried again. */
export function Explanation({ story }: { readonly story: TargetStoryView }) {
  const lines = unsaidLines(story);
  if (lines.length === 0) return null;
  return (
    <Section title="Why it is as it is">
      <ul className={styles.explanation}>
        {lines.map((line, index) => (
          <li key={index}>
            <Line {...line} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Line({ state, blockedBy, since, whoCanAct, nextTry }: ExplanationView) {
  return (
    <>
      <strong>
        <ForeignText text={state} />
      </strong>
      {since && (
        <>
          {' '}
          <Age at={since} inFocusOrder />
        </>
      )}
      {blockedBy && (
        <p>
          <ForeignText text={blockedBy} />
        </p>
      )}
      {whoCanAct && (
        <p>
          Who can act: <ForeignText text={whoCanAct} />
        </p>
      )}
      {nextTry && <p>Next try: {exactTime(nextTry)}</p>}
    </>
  );
}
