import { Fault } from '@flotilla/foundation';

/** Which rollout a person means: `checkout.production`. */
export function placeOf(name: string): { readonly application: string; readonly environment: string } {
  const [application, environment, ...more] = name.split('.');
  if (application && environment && more.length === 0) return { application, environment };
  const message = `\`${name}\` names no rollout; say APPLICATION.ENVIRONMENT, such as checkout.production`;
  throw new Fault({ code: 'invalid', reason: 'RolloutUnnamed', message });
}
