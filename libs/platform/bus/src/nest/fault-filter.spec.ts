import { lastValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { faultWireSchema } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import { FaultFilter } from './fault-filter.ts';

const bad = z.object({ names: z.array(z.string()) }).safeParse({ names: [1] });

it.each<[string, unknown, object]>([
  [
    'a fault',
    new Fault({ code: 'conflict', reason: 'Taken', message: 'm', subject: 's', cause: new Error('hidden') }),
    { code: 'conflict', reason: 'Taken', message: 'm', subject: 's' },
  ],
  [
    'a request that is not in shape',
    bad.error,
    { code: 'invalid', reason: 'RequestInvalid', message: expect.stringMatching(/^names\.0: /) },
  ],
  ['a surprise', new TypeError('m'), { code: 'internal', reason: 'Unexpected', message: 'm' }],
])('%s crosses by its code and reason, and can be read on the other side', async (_, thrown, wire) => {
  const crossed: unknown = await lastValueFrom(new FaultFilter().catch(thrown)).catch((error: unknown) => error);
  expect(faultWireSchema.strict().parse(crossed)).toEqual(wire);
});
