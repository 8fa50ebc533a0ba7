import { z } from 'zod';
import { orderKeySchema, signedTextSchema } from '@flotilla/contracts';
import { secretSetting, serviceSettings } from '@flotilla/control-host';

/** What `delivery` is told by its environment. */
export const deliverySettings = serviceSettings.extend({
  /** 32 bytes in base64: the key that signs every order. */
  ORDER_KEY: secretSetting,
  /** Every list of order keys since the first rotation, as `npm run keys -- rotate-order` writes them. */
  ORDER_KEY_LISTS: z.string().default('[]').transform(jsonIn).pipe(z.array(signedTextSchema).max(100)),
  /** The public half of the key that is kept away from every machine, for the day that the other is lost. */
  ORDER_RECOVERY_KEY: z.string().transform(jsonIn).pipe(orderKeySchema).optional(),
});

export type DeliverySettings = z.output<typeof deliverySettings>;

/** What is no JSON is refused by the schema that comes next, which names the setting. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
