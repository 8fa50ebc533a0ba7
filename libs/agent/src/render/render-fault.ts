import { Fault, type Consequence } from '@flotilla/foundation';
import type { RenderFailure } from '../ports/renderer.port.ts';

/** More of them would not be read; the first ones are what people mend first. */
const messagesMax = 10;

/** What runs is kept, whatever failed; who can mend it, and whether to try again without being asked, depends on it. */
export function renderFault(subject: string, { kind, messages }: RenderFailure): Fault {
  const message = `${leads[kind] ?? 'nothing was applied'}: ${messages.slice(0, messagesMax).join('; ')}`;
  return new Fault({
    code: 'invalid',
    reason: reasons[kind] ?? 'RenderFailed',
    message,
    subject,
    consequence: consequences[kind] ?? { kind: 'stall', until: 'the manifests are corrected in Git' },
  });
}

type Words<Word> = Readonly<Partial<Record<RenderFailure['kind'], Word>>>;

const reasons: Words<string> = { Invalid: 'ManifestsInvalid', Unstable: 'RenderUnstable' };

const leads: Words<string> = {
  Unstable: 'nothing was applied, because each render makes something else of these; leave out random values and times',
};

const consequences: Words<Consequence> = {
  TooSlow: { kind: 'retry' },
  Unavailable: { kind: 'stall', until: 'the agent has what it takes to render this' },
};
