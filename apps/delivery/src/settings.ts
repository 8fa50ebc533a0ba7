import { secretSetting, serviceSettings } from '@flotilla/control-host';

/** What `delivery` is told by its environment. */
export const deliverySettings = serviceSettings.extend({
  /** 32 bytes in base64: the Ed25519 seed that orders to agents are signed with. */
  ORDER_KEY: secretSetting,
});
