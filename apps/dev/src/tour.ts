import type { DemoCluster, House } from './house.ts';
import { demoRepository } from './parts/git.ts';
import { say, sinceStart } from './progress.ts';

/** What a person sees once everything runs: where to look, and five things to try. */
export function printTour({ url, token, git, pushUrl, clusters }: House): void {
  const repository = git.url(demoRepository);
  const [first] = clusters as readonly [DemoCluster];
  const target = `checkout.dev.${first.plan.name}`;
  say(`
Up after ${sinceStart()}. Ctrl-C stops all of it; the next start goes on from here.

  page      ${url}
  API       ${url}/api/openapi.json
  token     ${token}
  Git       ${repository}

  export FLOTILLA_SERVER=${url} FLOTILLA_TOKEN=${token}
  npx flotilla get targets -w

Five things to try, one after the other, in another terminal in this folder:

1. Push a change, and watch it arrive in dev and in staging

     git clone -c user.name=me -c user.email=me@example.org ${pushUrl} shop && cd shop
     sed -i "s|shop/checkout:.*|shop/checkout:1.$(date +%H%M%S)|" services/checkout/*/deployment.yaml
     git commit -qam 'another checkout' && git push -q

2. Let it into production, and watch it go from wave to wave

     npx flotilla promote checkout --to production --reason "it is well in staging"
     npx flotilla rollout status checkout.production

3. Break one

     sed -i 's|shop/checkout:.*|shop/checkout:broken|' services/checkout/dev/deployment.yaml
     git commit -qam 'a bad image' && git push -q

4. See why, and take it back

     npx flotilla explain target ${target}
     git revert --no-edit HEAD && git push -q

5. Take one by hand, and read under Drift that it was taken back; once it is suspended it is left alone

     ${byHand(first)}
     npx flotilla describe target ${target}
     npx flotilla suspend target ${target} --reason "looking at it"
`);
}

/** Scales the first cluster's checkout. kubectl sends no token in the open, and a simulated cluster has no other line. */
function byHand({ access }: DemoCluster): string {
  if ('KUBECONFIG' in access) {
    return `kubectl --kubeconfig ${access.KUBECONFIG} --context ${access.KUBE_CONTEXT} -n checkout-dev scale deployment/checkout --replicas 5`;
  }
  return `curl -sS -o /dev/null -X PATCH -H 'authorization: Bearer ${access.KUBE_TOKEN}' \\
       -H 'content-type: application/merge-patch+json' -d '{"spec":{"replicas":5}}' \\
       '${access.KUBE_URL}/apis/apps/v1/namespaces/checkout-dev/deployments/checkout?fieldManager=by-hand'`;
}
