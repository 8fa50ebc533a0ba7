import { visibleText } from './visible-text.ts';

/**
 * Text that others control: commit subjects, reasons, labels, names, event messages. It is shown as letters only, and
 * kept apart from the text around it, so that nothing in it can turn or hide what we say.
 */
export function ForeignText({ text }: { readonly text: string }) {
  return <bdi>{visibleText(text)}</bdi>;
}
