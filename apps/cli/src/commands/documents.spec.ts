import { operations, type DocumentPlanView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../testing/fake-control-plane.ts';
import { planeWith, sampleApplication, sampleDocument, worldOf } from '../testing/sample-fleet.ts';
import { tempFolder } from '../testing/temp-folder.ts';

const good = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Environment
metadata: {name: dev}
spec: {clusters: {matchLabels: {dev: "true"}}}
`;
const slip = good.replace('clusters', 'clusterz');

const changes: DocumentPlanView['changes'] = [
  { action: 'create', kind: 'Environment', project: 'default', name: 'dev', fields: [] },
  {
    action: 'update',
    kind: 'Application',
    project: 'default',
    name: 'checkout',
    fields: ['spec.pipeline: "a" -> "b"'],
  },
  { action: 'unchanged', kind: 'Pipeline', project: 'default', name: 'standard', fields: [] },
];

function taking(made: DocumentPlanView['changes'] = changes) {
  return planeWith({}).on(operations.applyDocuments, ({ body }) => {
    return { changes: made, dryRun: (body as { dryRun: boolean }).dryRun };
  });
}

describe('apply', () => {
  it('sends what it was given as it was written, and says what became of it', async () => {
    await using folder = await tempFolder({ 'dev.yaml': good });
    const plane = taking();
    const outcome = await worldOf(plane).run('apply', '-f', folder.file('dev.yaml'));
    expect(outcome).toEqual({
      code: 0,
      out: 'environment/dev created\napplication/checkout configured\npipeline/standard unchanged\n',
      err: '',
    });
    const body = JSON.stringify({ files: [{ file: folder.file('dev.yaml'), text: good }], dryRun: false });
    expect(plane.orders).toEqual([`POST /api/v1/projects/default/apply ${body}`]);
  });

  it('takes what is sent in, and changes nothing when it runs dry', async () => {
    const plane = taking([changes[0]!]);
    const { out } = await worldOf(plane, { stdin: good }).run('apply', '-f', '-', '--dry-run');
    expect([out, plane.orders[0]?.includes('"dryRun":true')]).toEqual(['environment/dev created (dry run)\n', true]);
  });

  it('lets every application take over what other tools applied, and sends all else as it was written', async () => {
    const application =
      'apiVersion: fleet.flotilla.dev/v1alpha1\nkind: Application\nmetadata: {name: shop}\nspec:\n  pipeline: p\n  source: {repository: r, path: a}\n  namespace: shop\n  sync: {prune: false}\n';
    await using folder = await tempFolder({ 'app.yaml': application, 'dev.yaml': good });
    const plane = taking();
    await worldOf(plane).run('apply', '-f', folder.path, '--take-over-from', 'argocd', 'kubectl');
    const { files } = JSON.parse(plane.orders[0]!.slice(plane.orders[0]!.indexOf('{'))) as {
      files: { text: string }[];
    };
    const sync = { prune: false, takeOverFrom: ['argocd', 'kubectl'] };
    const spec = { pipeline: 'p', source: { repository: 'r', path: 'a' }, namespace: 'shop', sync };
    const [first, second] = files.map(({ text }) => text);
    expect([JSON.parse(first!), second]).toEqual([
      { apiVersion: 'fleet.flotilla.dev/v1alpha1', kind: 'Application', metadata: { name: 'shop' }, spec },
      good,
    ]);
  });

  it('knows which tools there are', async () => {
    const { code, err } = await worldOf(taking(), { stdin: good }).run('apply', '-f', '-', '--take-over-from', 'fleet');
    expect([code, err]).toEqual([2, expect.stringContaining('argocd, flux, kubectl, helm')]);
  });

  it('names the place of what is wrong before anything is sent', async () => {
    await using folder = await tempFolder({ 'a.yaml': slip, 'b.yaml': good });
    const plane = taking();
    const { code, err } = await worldOf(plane).run('apply', '-f', folder.path);
    expect([code, plane.asked]).toEqual([2, []]);
    expect(err).toContain(`${folder.file('a.yaml')}:4:8: spec.clusterz: is not a field; did you mean \`clusters\`?\n`);
  });

  it('passes on what the control plane finds, with its place', async () => {
    const plane = planeWith({}).on(operations.applyDocuments, () => {
      const message = 'there is no Environment default/dev';
      throw new Refusal(422, 'RequestInvalid', 'wrong', [{ file: 'stdin', line: 4, column: 8, message }]);
    });
    expect(await worldOf(plane, { stdin: good }).run('apply', '-f', '-')).toEqual({
      code: 2,
      out: '',
      err:
        'stdin:4:8: there is no Environment default/dev\n' +
        'error: this has to be mended first; nothing was changed\n',
    });
  });

  it('asks again under the same key when an answer gets lost', async () => {
    const begun = Promise.withResolvers<void>();
    const keys: (string | null)[] = [];
    const plane = planeWith({}).on(operations.applyDocuments, ({ headers }) => {
      keys.push(headers.get('idempotency-key'));
      begun.resolve();
      if (keys.length < 3) throw new Refusal(503, 'Unavailable', 'try again');
      return { changes: [changes[0]!], dryRun: false };
    });
    const world = worldOf(plane, { stdin: good });
    const running = world.run('apply', '-f', '-');
    await begun.promise;
    for (let step = 0; step < 20; step++) await world.clock.advance(1_000);
    expect([(await running).out, keys]).toEqual(['environment/dev created\n', ['id1', 'id1', 'id1']]);
  });
});

describe('plan', () => {
  it('says field by field what would change, and tells so by its exit code', async () => {
    const plane = taking();
    const outcome = await worldOf(plane, { stdin: good }).run('plan', '-f', '-');
    expect(outcome).toEqual({
      code: 1,
      out: '+ environment/dev\n~ application/checkout\n    spec.pipeline: "a" -> "b"\n  pipeline/standard unchanged\n',
      err: 'plan: 1 to create, 1 to update, 1 unchanged\n',
    });
    expect(plane.orders[0]).toContain('"dryRun":true');
  });

  it('ends with 0 when there is nothing to do', async () => {
    expect((await worldOf(taking([changes[2]!]), { stdin: good }).run('plan', '-f', '-')).code).toBe(0);
  });

  it('is not mistaken for a difference when it fails', async () => {
    expect((await worldOf(taking(), { stdin: slip }).run('plan', '-f', '-')).code).toBe(2);
  });
});

describe('validate', () => {
  it('names the place of a health rule that cannot be read', async () => {
    const stdin = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Application
metadata: {name: checkout}
spec:
  pipeline: standard
  source: {repository: shop, path: app}
  namespace: checkout
  health:
    - {apiVersion: example.org/v1, kind: Thing, current: 'status.phase =='}
`;
    const { code, out } = await worldOf(planeWith({}), { stdin }).run('validate', '-f', '-');
    expect([code, out]).toEqual([1, expect.stringContaining('stdin:9:49: spec.health[0].current: failed to read')]);
  });

  const application = `apiVersion: fleet.flotilla.dev/v1alpha1
kind: Application
metadata: {name: checkout}
spec: {pipeline: standard, source: {repository: shop, path: a}, namespace: checkout}
`;

  it('needs no control plane, and leaves to it what only it can know', async () => {
    const outcome = await worldOf(planeWith({}), { stdin: application }).run('validate', '-f', '-');
    expect(outcome).toEqual({
      code: 0,
      out: '',
      err:
        'stdin:4:8: spec.pipeline: there is no Pipeline default/standard among these files; plan asks further\n' +
        'stdin:4:37: spec.source.repository: there is no Repository default/shop among these files; plan asks further\n' +
        '1 document in 1 file read; nothing to mend\n',
    });
  });

  it.each([
    ['a slip', slip, /^stdin:4:8: spec\.clusterz: is not a field/m],
    [
      'a document twice',
      `${good}---\n${good}`,
      /^stdin:8:12: metadata\.name: Environment default\/dev is given twice/m,
    ],
    [
      'another kind of file',
      'apiVersion: v1\nkind: Pod\n',
      /^stdin:1:1: apiVersion: must be fleet\.flotilla\.dev\/v1alpha1/m,
    ],
  ])('finds %s', async (_, stdin, line) => {
    const { code, out } = await worldOf(planeWith({}), { stdin }).run('validate', '-f', '-');
    expect(code).toBe(1);
    expect(out).toMatch(line);
  });
});

describe('delete', () => {
  function deleting() {
    const documents = [sampleApplication, sampleDocument('Application', 'catalog')];
    return planeWith({ documents }).on(operations.deleteDocument, ({ params, query }) => ({
      changes: [{ ...changes[1]!, action: 'delete' as const, name: params['name']!, fields: [] }],
      dryRun: query['dryRun'] === 'true',
    }));
  }

  it('says what it reaches, asks a person, and tries all before the first is gone', async () => {
    const plane = deleting();
    const world = worldOf(plane, { terminal: true, stdin: 'y' });
    const { code, out, err } = await world.run('delete', 'application', 'checkout', 'catalog');
    expect([code, out]).toEqual([0, 'application/checkout deleted\napplication/catalog deleted\n']);
    expect(err).toContain('application/checkout has 2 targets: their objects stay, and run on\n');
    expect(err).toContain('delete application/checkout, application/catalog? [y/N] ');
    const path = '/api/v1/projects/default/documents/applications';
    expect(plane.orders).toEqual(
      ['checkout?dryRun=true', 'catalog?dryRun=true', 'checkout?dryRun=false', 'catalog?dryRun=false'].map(
        (end) => `DELETE ${path}/${end}`,
      ),
    );
  });

  it.each([
    ['a person says no', { terminal: true, stdin: 'n' }, [], 1],
    ['nobody is there to ask', {}, [], 2],
    ['it runs dry', {}, ['--dry-run'], 0],
  ])('changes nothing when %s', async (_, options, flags, code) => {
    const plane = deleting();
    const outcome = await worldOf(plane, options).run('delete', 'application', 'checkout', ...flags);
    expect([outcome.code, plane.orders.every((order) => order.endsWith('dryRun=true'))]).toEqual([code, true]);
  });

  it('goes on without asking when a script says so', async () => {
    const { code, out } = await worldOf(deleting()).run('delete', 'app/checkout', '--yes');
    expect([code, out]).toEqual([0, 'application/checkout deleted\n']);
  });

  it('is for documents only', async () => {
    const { code, err } = await worldOf(deleting()).run('delete', 'target', 'a.b.c');
    expect([code, err]).toEqual([
      2,
      'error: this is not for targets; it is for: application, environment, pipeline, repository, freeze, notifier\n',
    ]);
  });
});
