import type { ProblemItem } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';

/** What somebody wrote cannot be used: each thing that is wrong with it, found here rather than by the control plane. */
export class InputFault extends Fault {
  readonly items: readonly ProblemItem[];

  constructor(items: readonly ProblemItem[]) {
    super({ code: 'invalid', reason: 'InputInvalid', message: items.map(({ message }) => message).join('; ') });
    this.items = items;
  }
}
