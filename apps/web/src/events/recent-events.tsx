import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useLive } from '../live/live-context.tsx';
import { Section } from '../notes/section.tsx';
import { LoadingRows } from '../notes/loading-rows.tsx';
import { Age } from '../text/age.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { newestFirst } from './newest-first.ts';
import styles from './events.module.css';

const shownMax = 8;

/** What happened last, beside the grid. */
export function RecentEvents() {
  const { known, items } = useLive('event');
  const newest = useMemo(() => newestFirst(items.values()).slice(0, shownMax), [items]);
  return (
    <Section title="Recent events">
      {!known && <LoadingRows what="events" rows={4} />}
      {known && newest.length === 0 && <p>Nothing has happened yet.</p>}
      <ol className={styles.recent}>
        {newest.map(({ id, at, actor, action, subject, message }) => (
          <li key={id}>
            <div className={styles.head}>
              <strong>
                <ForeignText text={action} />
              </strong>
              <Age at={at} />
            </div>
            <div>
              <ForeignText text={message} />
            </div>
            <div className={styles.head}>
              <ForeignText text={subject} />
              <ForeignText text={actor} />
            </div>
          </li>
        ))}
      </ol>
      {newest.length > 0 && (
        <Link to="/events" className={styles.all}>
          All events
        </Link>
      )}
    </Section>
  );
}
