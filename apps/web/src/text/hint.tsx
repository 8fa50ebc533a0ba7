import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import styles from './text.module.css';

interface HintProps {
  readonly text: string;
  /** Where there are few, keyboards may reach them; in long tables they would stand in the way. */
  readonly inFocusOrder?: boolean;
  readonly children: ReactElement;
}

/** More about something, on hover, touch or focus. */
export function Hint({ text, inFocusOrder = false, children }: HintProps) {
  const focusable = inFocusOrder && { tabIndex: 0 };
  return (
    <Tooltip label={text} events={{ hover: true, focus: true, touch: true }} withArrow multiline maw={360}>
      <span className={styles.hinted} {...focusable}>
        {children}
      </span>
    </Tooltip>
  );
}
