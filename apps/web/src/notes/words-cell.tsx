import { Table } from '@mantine/core';
import { ForeignText } from '../text/foreign-text.tsx';
import styles from './notes.module.css';

/** A cell with a sentence of somebody else's, wide enough that a row does not grow tall on a narrow screen. */
export function WordsCell({ text }: { readonly text: string | undefined }) {
  return <Table.Td className={text ? styles.words : undefined}>{text && <ForeignText text={text} />}</Table.Td>;
}
