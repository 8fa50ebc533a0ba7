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
  npx flotilla get targets

Three things to try, each in another terminal:

1. Push a change and watch it arrive

     git clone ${repository} shop && cd shop
     sed -i 's/1\\.0\\.0/1.0.1/' services/checkout/*/deployment.yaml
     git commit -qam 'checkout 1.0.1' && git push -q
     npx flotilla get targets -w

2. Break one

     sed -i 's/1\\.0\\.1/broken/' services/checkout/dev/deployment.yaml
     git commit -qam 'a bad image' && git push -q

3. See why

     npx flotilla explain target checkout.dev.${first?.plan.name ?? 'dev-1'}
`);
}
