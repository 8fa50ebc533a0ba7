import type { ProblemItem } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';

/** A request that cannot be understood, with each thing that is wrong in it. */
export class InvalidRequest extends Fault {
  readonly items: readonly ProblemItem[];

  constructor(items: readonly ProblemItem[]) {
    super({ code: 'invalid', reason: 'RequestInvalid', message: items.map(itemText).join('; ') });
    this.items = items;
  }
}

function itemText({ file, line, column, path, message }: ProblemItem): string {
  const place = file ? [file, line, column].filter((part) => part !== undefined).join(':') : path;
  return place ? `${place}: ${message}` : message;
}
