import { shortened } from '@flotilla/foundation';

/** One line without control characters and half characters: terminals, chats and databases obey or refuse those. */
export function plainLine(text: string, max: number): string {
  return shortened(text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' '), max);
}
