import { Link } from '@tanstack/react-router';
import { counted } from '@flotilla/foundation';
import { Section } from '../notes/section.tsx';
import { OrderList } from '../orders/order-list.tsx';
import { Age } from '../text/age.tsx';
import { Commit } from '../text/commit.tsx';
import { ForeignText } from '../text/foreign-text.tsx';
import { pinOrders, type StandingPin } from './standing-pins.ts';
import cards from '../notes/cards.module.css';
import styles from './rollbacks.module.css';

/** What is held against what Git says, and the ways in which that ends. */
export function PinList({ pins }: { readonly pins: readonly StandingPin[] }) {
  return (
    <Section title="Held against Git">
      <p className={styles.quiet}>
        New releases pass these targets by. It ends by itself when Git says the same: the repair of Git is what asks for
        that.
      </p>
      <ul className={`${cards.list} ${styles.cards}`}>
        {pins.map((pin) => (
          <PinItem key={`${pin.application} ${pin.environment} ${pin.revision} ${pin.since} ${pin.by}`} pin={pin} />
        ))}
      </ul>
    </Section>
  );
}

function PinItem({ pin }: { readonly pin: StandingPin }) {
  const { application, environment, revision, by, reason, since, clusters } = pin;
  return (
    <li className={`${cards.card} ${cards.halves}`}>
      <div className={styles.cardText}>
        <strong>
          <ForeignText text={application} /> in <ForeignText text={environment} />
        </strong>
        <span>
          <Link to="/targets" search={{ application, environment }}>
            {counted(clusters.length, 'target')}
          </Link>{' '}
          held at <Commit id={revision} /> since <Age at={since} inFocusOrder />
        </span>
        <span>
          <ForeignText text={by} />: <ForeignText text={reason} />
        </span>
      </div>
      <OrderList orders={pinOrders(pin)} />
    </li>
  );
}
