import { readFile } from 'node:fs/promises';
import { operations } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { InMemoryWorld } from '../testing/in-memory-world.ts';
import { planeWith, sampleCluster, worldOf } from '../testing/sample-fleet.ts';
import { tempFolder } from '../testing/temp-folder.ts';

describe('cluster join', () => {
  const joining = () =>
    new FakeControlPlane().on(operations.joinCluster, ({ body }) => {
      const { name, labels } = body as { name: string; labels?: Record<string, string> };
      return { cluster: sampleCluster(name, labels), token: 'flj_token', expiresAt: '2026-01-01T01:00:00.000Z' };
    });

  it('records a cluster, and says how its agent comes in', async () => {
    const plane = joining();
    const { code, out, err } = await worldOf(plane).run('cluster', 'join', 'eu-1', '-l', 'stage=production,region=eu');
    expect(code).toBe(0);
    expect(out).toContain('create secret generic flotilla-join --from-literal=token=flj_token\n');
    expect(out).toContain(`--namespace flotilla-system --set controlPlane.url=${plane.url}\n`);
    expect(err).toBe('cluster/eu-1 is recorded; its join token works once, until 2026-01-01T01:00:00.000Z (in 60m)\n');
    expect(plane.orders).toEqual([
      'POST /api/v1/projects/default/clusters {"name":"eu-1","labels":{"stage":"production","region":"eu"}}',
    ]);
  });

  it('says how to start the agent outside of its cluster', async () => {
    const plane = joining();
    const { out } = await worldOf(plane).run('cluster', 'join', 'eu-1', '-o', 'checkout');
    expect(out).toContain(`export FLOTILLA_URL=${plane.url}\nexport JOIN_TOKEN=flj_token\n`);
  });

  it('AT-24 leaves the token out of everything but the data', async () => {
    const { out, err } = await worldOf(joining()).run('cluster', 'join', 'eu-1', '-o', 'token', '-v', '6');
    expect([out, err.includes('flj_token')]).toEqual(['flj_token\n', false]);
  });

  it.each([
    ['stage', /`stage` is no label; write key=value/],
    ['stage-', /takes a label away, and there is none yet/],
    ['Bad Key=1', /^error: label Bad Key: must be a label key/],
    ['flotilla.dev/name=x', /is the name of the cluster, and stays/],
  ])('refuses the label %s before anything is recorded', async (labels, message) => {
    const plane = joining();
    const { code, err } = await worldOf(plane).run('cluster', 'join', 'eu-1', '-l', labels);
    expect([code, plane.orders]).toEqual([2, []]);
    expect(err).toMatch(message);
  });
});

describe('cluster label', () => {
  const labelling = () =>
    planeWith({ clusters: [sampleCluster('eu-1', { stage: 'qa', region: 'eu' })] }).on(
      operations.labelCluster,
      ({ params, body }) => sampleCluster(params['name']!, (body as { labels: Record<string, string> }).labels),
    );

  it.each([
    [['zone=a'], { stage: 'qa', region: 'eu', zone: 'a' }],
    [['stage-'], { region: 'eu' }],
    [['stage=prod', '--overwrite'], { stage: 'prod', region: 'eu' }],
    [['stage=qa'], { stage: 'qa', region: 'eu' }],
  ])('%j', async (changes, labels) => {
    const plane = labelling();
    const { code } = await worldOf(plane).run('cluster', 'label', 'eu-1', ...changes);
    expect([code, plane.orders]).toEqual([
      0,
      [`PATCH /api/v1/projects/default/clusters/eu-1 ${JSON.stringify({ labels })}`],
    ]);
  });

  it('replaces nothing by accident', async () => {
    const plane = labelling();
    const outcome = await worldOf(plane).run('cluster', 'label', 'eu-1', 'stage=prod');
    expect([outcome, plane.orders]).toEqual([
      { code: 6, out: '', err: 'error: label stage is qa already; say --overwrite to change it\n' },
      [],
    ]);
  });
});

describe('cluster revoke', () => {
  const revoking = () => planeWith({}).on(operations.revokeCluster, ({ params }) => sampleCluster(params['name']!));

  it('shuts a cluster out, for a reason, and says how it comes back', async () => {
    const plane = revoking();
    const outcome = await worldOf(plane).run('cluster', 'revoke', 'eu-1', '--reason', 'stolen');
    expect([outcome, plane.orders]).toEqual([
      {
        code: 0,
        out: 'cluster/eu-1 revoked\n',
        err: 'what runs there goes on as it is; to let it in again: flotilla cluster join eu-1\n',
      },
      ['POST /api/v1/projects/default/clusters/eu-1/revoke {"reason":"stolen"}'],
    ]);
  });

  it('asks for the reason before anything happens', async () => {
    const plane = revoking();
    const { code, err } = await worldOf(plane).run('cluster', 'revoke', 'eu-1');
    expect([code, plane.orders, err]).toEqual([2, [], expect.stringContaining('--reason')]);
  });
});

describe('credential set', () => {
  const storing = () =>
    new FakeControlPlane().on(operations.putCredential, ({ params, body }) => {
      return { name: params['name']!, kind: (body as { kind: string }).kind };
    });

  it.each([
    [
      'a password',
      ['--kind', 'basic', '--origin', 'https://git.example.org', '--username', 'bot'],
      { kind: 'basic', origin: 'https://git.example.org', username: 'bot', password: 's3cret' },
    ],
    [
      'a token',
      ['--kind', 'bearer', '--origin', 'https://git.example.org'],
      { kind: 'bearer', origin: 'https://git.example.org', token: 's3cret' },
    ],
    ['a secret of a webhook', ['--kind', 'webhook'], { kind: 'webhook', secret: 's3cret' }],
  ])('stores %s, and shows it nowhere', async (_, flags, body) => {
    for (const terminal of [false, true]) {
      const plane = storing();
      const world = worldOf(plane, { stdin: 's3cret\n', terminal });
      const { code, out, err } = await world.run('credential', 'set', 'shop', '-v', '6', ...flags);
      expect([code, out, err.includes('s3cret')]).toEqual([0, 'credential/shop stored\n', false]);
      expect(plane.orders).toEqual([`PUT /api/v1/projects/default/credentials/shop ${JSON.stringify(body)}`]);
    }
  });

  it.each([
    ['no kind', [], 's', /required option '--kind <kind>'/],
    ['an unknown kind', ['--kind', 'ssh'], 's', /Allowed choices are basic, bearer, address, webhook/],
    ['no origin', ['--kind', 'bearer'], 's', /needs --origin, the only origin that is sent it/],
    ['nothing sent in', ['--kind', 'webhook'], '', /secret of shop: what was sent in is empty/],
  ])('refuses %s', async (_, flags, stdin, message) => {
    const plane = storing();
    const { code, err } = await worldOf(plane, { stdin }).run('credential', 'set', 'shop', ...flags);
    expect([code, plane.orders]).toEqual([2, []]);
    expect(err).toMatch(message);
  });
});

describe('config', () => {
  async function calls(...lines: readonly string[]) {
    await using folder = await tempFolder({ token: 'flt_token\n' });
    const environment = { FLOTILLA_CONFIG: folder.file('config.json') };
    const texts: string[] = [];
    for (const line of lines) {
      const args = line.replace('TOKEN', folder.file('token')).split(' ');
      const { out, err } = await new InMemoryWorld({ environment, stdin: 'typed' }).run('config', ...args);
      texts.push(out + err.replaceAll(folder.path, ''));
    }
    const kept = JSON.parse(await readFile(folder.file('config.json'), 'utf8').catch(() => 'null')) as unknown;
    return { texts, kept };
  }

  it('keeps contexts, the first of which is current, and shows no token', async () => {
    const { texts, kept } = await calls(
      'set-context demo --server https://demo.example.org/ --token-file TOKEN -p shop',
      'set-context prod --server https://prod.example.org --token-file -',
      'current-context',
      'use-context prod',
      'get-contexts',
    );
    expect(texts).toEqual([
      'context demo created\ndemo is the current context\n',
      'context prod created\n',
      'demo\n',
      'switched to context prod (https://prod.example.org)\n',
      'CURRENT   NAME   SERVER                     PROJECT   TOKEN\n' +
        '          demo   https://demo.example.org   shop      yes\n' +
        '*         prod   https://prod.example.org   <none>    yes\n',
    ]);
    expect(kept).toEqual({
      currentContext: 'prod',
      contexts: [
        { name: 'demo', server: 'https://demo.example.org', project: 'shop', token: 'flt_token' },
        { name: 'prod', server: 'https://prod.example.org', token: 'typed' },
      ],
    });
  });

  it('does not take a token to another server', async () => {
    const { texts, kept } = await calls(
      'set-context demo --server https://demo.example.org --token-file TOKEN',
      'set-context demo --server https://evil.example.org',
    );
    expect(texts[1]).toContain('the token for https://demo.example.org is dropped');
    expect(JSON.stringify(kept)).not.toContain('flt_token');
  });

  it.each([
    ['use-context nothing', /has no context nothing; list them with: flotilla config get-contexts/],
    ['set-context a', /^error: no control plane is named/],
    ['current-context', /has no current context; choose one with/],
    ['get-contexts', /has no contexts; make one with/],
  ])('%s says the way out', async (line, message) => expect((await calls(line)).texts[0]).toMatch(message));
});
