import type { Tone } from './tones.ts';
import styles from './tone-bar.module.css';

/** A part of a whole; without a tone it is what has not come yet. */
export interface BarPart {
  readonly name: string;
  readonly number: number;
  readonly tone?: Tone;
}

/** The parts of a whole as lengths. The numbers beside it say the same in words. */
export function ToneBar({ parts }: { readonly parts: readonly BarPart[] }) {
  return (
    <span className={styles.bar} aria-hidden="true">
      {parts.map(({ name, number, tone }) =>
        number > 0 ? <span key={name} data-tone={tone} style={{ flexGrow: number }} /> : null,
      )}
    </span>
  );
}
