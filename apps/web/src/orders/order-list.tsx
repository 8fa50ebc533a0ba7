import { CopyCommand } from '../text/copy-command.tsx';
import { visibleText } from '../text/visible-text.ts';
import type { Order } from './order.ts';
import styles from './orders.module.css';

/** What can be done, whom it touches, and the command that does it. */
export function OrderList({ orders }: { readonly orders: readonly Order[] }) {
  return (
    <ul className={styles.orders}>
      {orders.map(({ does, touches, command }) => (
        <li key={command}>
          <span>
            <strong>{does}</strong> <bdi>{visibleText(touches)}</bdi>
          </span>
          <CopyCommand command={command} />
        </li>
      ))}
    </ul>
  );
}
