import type { House } from './house.ts';
import { demoRepository } from './parts/git.ts';
import { say, sinceStart } from './progress.ts';

/** What a person sees once everything runs: where to look, and three things to try. */
export function printTour({ url, token, git, clusters }: House): void {
  const repository = git.url(demoRepository);
  const [first] = clusters;
  say(`
Up after ${sinceStart()}. Ctrl-C stops all of it; the next start goes on from here.

  page      ${url}
  API       ${url}/api/openapi.json
  token     ${token}
  Git       ${repository}

  export FLOTILLA_SERVER=${url} FLOTILLA_TOKEN=${token}
  npx flotilla get targets -w

Three things to try, each in another terminal:

1. Push a change and watch it arrive

     git clone -c user.name=me -c user.email=me@example.org ${repository} shop && cd shop
     sed -i "s|shop/checkout:.*|shop/checkout:1.$(date +%H%M%S)|" services/checkout/*/deployment.yaml
     git commit -qam 'another checkout' && git push -q

2. Break one

     sed -i 's|shop/checkout:.*|shop/checkout:broken|' services/checkout/dev/deployment.yaml
     git commit -qam 'a bad image' && git push -q

3. See why, and take it back

     npx flotilla explain target checkout.dev.${first?.plan.name ?? 'dev-1'}
     git revert --no-edit HEAD && git push -q
`);
}
