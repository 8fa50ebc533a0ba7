import type { QuarantineView } from '@flotilla/contracts';
import { shortDigest } from '@flotilla/model';
import { Section } from '../notes/section.tsx';
import { OrderList } from '../orders/order-list.tsx';
import { Age } from '../text/age.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { visibleText } from '../text/visible-text.ts';
import { liftOrder } from './standing-pins.ts';
import cards from '../notes/cards.module.css';
import styles from './rollbacks.module.css';

/** Source digests that enter nowhere any more, and how that ends. */
export function QuarantineList({ quarantine }: { readonly quarantine: readonly QuarantineView[] }) {
  return (
    <Section title="In quarantine">
      <p className={styles.quiet}>
        What an environment left as a whole enters nowhere any more, until a person lets it.
      </p>
      <ul className={`${cards.list} ${styles.cards}`}>
        {quarantine.map((refused) => (
          <QuarantineItem key={refused.metadata.uid} refused={refused} />
        ))}
      </ul>
    </Section>
  );
}

function QuarantineItem({ refused }: { readonly refused: QuarantineView }) {
  const { metadata, spec, status } = refused;
  return (
    <li className={`${cards.card} ${cards.halves}`}>
      <div className={styles.cardText}>
        <strong>
          <ForeignText text={spec.application} /> <code>{visibleText(shortDigest(spec.digest))}</code>
        </strong>
        <span>
          since <Age at={metadata.createdAt} inFocusOrder />
        </span>
        <span>
          <ForeignText text={status.by} />: <ForeignText text={status.reason} />
        </span>
      </div>
      <OrderList orders={[liftOrder(refused)]} />
    </li>
  );
}
