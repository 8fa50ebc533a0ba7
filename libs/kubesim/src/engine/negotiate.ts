import { StatusFault } from '../problems/status-fault.ts';

/** The form in which a client wants objects: whole, or only what identifies them. */
export type Form = 'object' | 'metadata';

const available = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/**
 * Reads `Accept`. The first form that can be served wins. Tables are not offered: a client that asks for one names
 * plain JSON as well, and gets that.
 */
export function negotiateForm(accept: string | undefined, wanted: 'single' | 'list'): Form {
  if (accept === undefined || accept.trim() === '') return 'object';
  for (const part of accept.split(',')) {
    const [media, ...words] = part.split(';').map((word) => word.trim());
    if (!['application/json', '*/*', 'application/*'].includes(media!)) continue;
    const as = words.find((word) => word.startsWith('as='))?.slice(3);
    if (as === undefined) return 'object';
    if (as === 'PartialObjectMetadata') return 'metadata';
    if (as === 'PartialObjectMetadataList') {
      if (wanted === 'single') throw notAcceptable(notAList);
      return 'metadata';
    }
  }
  throw notAcceptable(`406: Not Acceptable\n\nAvailable representations: ${available}`);
}

const notAList = 'you requested PartialObjectMetadataList, but the requested object is not a list';

function notAcceptable(message: string): StatusFault {
  return new StatusFault({ code: 406, reason: 'NotAcceptable', message, details: {} });
}
