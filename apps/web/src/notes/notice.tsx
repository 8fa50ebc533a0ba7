import type { ReactNode } from 'react';
import { StatusIcon, type IconName } from '../status/status-icon.tsx';
import type { Tone } from '../status/tones.ts';
import styles from './notes.module.css';

interface NoticeProps {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly title?: ReactNode;
  readonly children?: ReactNode;
}

/** Something that should be read before the rest. */
export function Notice({ tone, icon, title, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone}>
      <StatusIcon name={icon} size={18} />
      <div className={styles.noticeBody}>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
