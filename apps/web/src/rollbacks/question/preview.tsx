import type { RollbackPreviewView } from '@flotilla/contracts';
import { blastText } from '@flotilla/model';
import { Notice } from '../../notes/notice.tsx';
import { ShowMore } from '../../notes/show-more.tsx';
import { OrderList } from '../../orders/order-list.tsx';
import { previewOrders } from '../rollback-words.ts';
import cards from '../../notes/cards.module.css';
import styles from '../rollbacks.module.css';
import { PreviewPlace } from './preview-place.tsx';
import type { RollbackQuestion } from './rollback-question.ts';

interface PreviewProps {
  readonly question: RollbackQuestion;
  readonly preview: RollbackPreviewView;
}

/** Whom it touches, the command, then each place with its way. */
export function Preview({ question, preview }: PreviewProps) {
  const { blast, places } = preview;
  return (
    <output className={styles.preview}>
      <Notice
        tone={blast.targets > 0 ? 'warn' : 'quiet'}
        icon={blast.targets > 0 ? 'alert' : 'question'}
        title={blast.targets > 0 ? `It would take back ${blastText(blast)}` : 'It would take nothing back'}
      >
        {places.length === 0 && 'Nothing runs that this selects.'}
      </Notice>
      {blast.targets > 0 && <OrderList orders={previewOrders(question, preview)} />}
      <ShowMore items={places} what="places" step={20}>
        {(shown) => (
          <ul className={`${cards.list} ${styles.cards}`}>
            {shown.map((place) => (
              <PreviewPlace key={`${place.application} ${place.environment}`} place={place} />
            ))}
          </ul>
        )}
      </ShowMore>
    </output>
  );
}
