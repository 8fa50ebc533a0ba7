import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { chainStart, type ChainPoint, type LedgerLine } from '@flotilla/model';
import { sealLines } from '@flotilla/model/node';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { planeWith, worldOf } from '../testing/sample-fleet.ts';

const openLine = (id: number, action = 'target.suspend') => ({
  id: `${id}`,
  at: `2026-01-01T00:00:0${id}.000001Z`,
  project: 'default',
  actor: 'user:ann',
  action,
  subject: 'Target default/checkout.dev.c1',
  message: `incident ${id}`,
});

const whole = sealLines(
  chainStart,
  [1, 2, 3, 4, 5].map((id) => openLine(id)),
);
const pointOf = ({ seq, hash }: LedgerLine): ChainPoint => ({ seq, hash });
const noted = ({ seq, hash }: ChainPoint) => `${seq}:${hash}`;
const last = pointOf(whole[4]!);

/** A control plane that keeps these lines, and gives two of them at once. */
const planeOf = (lines: readonly LedgerLine[], { anchor = chainStart, head = last } = {}) =>
  new FakeControlPlane().on(operations.listLedgerLines, ({ query }) => ({
    anchor,
    head,
    unsealed: 0,
    items: lines.filter(({ seq }) => seq > Number(query['after'] ?? anchor.seq)).slice(0, 2),
  }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function exported(lines: readonly LedgerLine[]): Promise<string> {
  const { out } = await worldOf(planeOf(lines)).run('ledger', 'export');
  const file = join(folder, `${Math.random()}.jsonl`);
  await writeFile(file, out);
  return file;
}

describe('ledger verify', () => {
  it('says that everything fits, and what to note', async () => {
    const { code, out } = await worldOf(planeOf(whole)).run('ledger', 'verify');
    expect([code, out]).toEqual([
      0,
      `Verdict:  everything is as it was sealed\nFitting:  5 lines, up to ${noted(last)}\nEnds:     ${noted(last)}\n`,
    ]);
  });

  it('names the first line that does not, and ends with 1', async () => {
    const changed = whole.with(2, { ...whole[2]!, message: 'it was not me' });
    const { code, out } = await worldOf(planeOf(changed)).run('ledger', 'verify');
    expect([code, out]).toEqual([
      1,
      [
        'Verdict:  line 3 was changed',
        'Line:     2026-01-01T00:00:03.000001Z user:ann target.suspend Target default/checkout.dev.c1: it was not me',
        `Fitting:  2 lines, up to ${noted(pointOf(whole[1]!))}`,
        `Ends:     ${noted(last)}`,
        '',
      ].join('\n'),
    ]);
  });

  it.each([
    ['the first lines went by retention', planeOf(whole.slice(2), { anchor: pointOf(whole[1]!) }), [], 0],
    ['the first lines went by themselves', planeOf(whole.slice(2)), [], 1],
    ['the last line went', planeOf(whole.slice(0, 4)), [], 1],
    ['the last line went, and the end with it', planeOf(whole.slice(0, 4), { head: pointOf(whole[3]!) }), [], 0],
    [
      'the same, and the end was noted',
      planeOf(whole.slice(0, 4), { head: pointOf(whole[3]!) }),
      ['--known', noted(last)],
      1,
    ],
    ['what was noted is what is there', planeOf(whole), ['--known', noted(pointOf(whole[1]!))], 0],
    ['what was noted is something else', planeOf(whole), ['--known', noted({ seq: 2, hash: 'f'.repeat(64) })], 1],
    ['what was noted is nothing', planeOf(whole), ['--known', '2'], 2],
  ])('when %s', async (_, plane, flags, code) => {
    expect((await worldOf(plane).run('ledger', 'verify', ...flags)).code).toBe(code);
  });

  it('says when the database was set back', async () => {
    const lines = sealLines(chainStart, [openLine(1), openLine(2, 'fleet.restore')]);
    const { code, out } = await worldOf(planeOf(lines, { head: pointOf(lines[1]!) })).run('ledger', 'verify');
    expect([code, out.split('\n').at(-2)]).toEqual([0, 'Restored:  line 2, 2026-01-01T00:00:02.000001Z: incident 2']);
  });

  it('checks an export without a control plane, and tells programs what it found', async () => {
    const file = await exported(whole);
    const { code, out } = await worldOf(new FakeControlPlane()).run('ledger', 'verify', '--from', file, '-o', 'json');
    const verdict = { fitting: 5, upTo: last, anchor: chainStart, head: last, restores: [] };
    expect([code, JSON.parse(out)]).toEqual([0, verdict]);
  });

  it.each([
    ['a line is changed', (lines: string[]) => lines.with(2, lines[2]!.replace('incident 2', 'nothing'))],
    ['a line is missing', (lines: string[]) => lines.toSpliced(3, 1)],
    ['a line stands twice', (lines: string[]) => lines.toSpliced(3, 0, lines[2]!)],
    ['two lines changed places', (lines: string[]) => lines.with(2, lines[4]!).with(4, lines[2]!)],
    ['the last line is missing', (lines: string[]) => lines.toSpliced(5, 1)],
  ])('finds in an export that %s', async (_, change) => {
    const { out } = await worldOf(planeOf(whole)).run('ledger', 'export');
    const file = join(folder, 'changed.jsonl');
    await writeFile(file, change(out.split('\n')).join('\n'));
    expect((await worldOf(new FakeControlPlane()).run('ledger', 'verify', '--from', file)).code).toBe(1);
  });

  it.each([
    ['was cut off', (text: string) => text.split('\n').slice(0, 4).join('\n'), 'its end is missing'],
    ['is none', () => 'apiVersion: v1\n', 'does not begin as an export of the ledger does'],
    ['is empty', () => '', 'does not begin as an export of the ledger does'],
    ['holds more than a line may', (text: string) => text.replace('"seq":2', '"x":1,"seq":2'), 'in its line 3'],
  ])('refuses an export that %s', async (_, change, message) => {
    const { out } = await worldOf(planeOf(whole)).run('ledger', 'export');
    const file = join(folder, 'broken.jsonl');
    await writeFile(file, change(out));
    const { code, err } = await worldOf(new FakeControlPlane()).run('ledger', 'verify', '--from', file);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('says of a file that is not there that it cannot be read', async () => {
    const { code, err } = await worldOf(new FakeControlPlane()).run('ledger', 'verify', '--from', join(folder, 'none'));
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be read')]);
  });
});

describe('ledger export', () => {
  it('writes where the chain begins, its lines and where it ends', async () => {
    const { out, err } = await worldOf(planeOf(whole)).run('ledger', 'export');
    const [begin, ...lines] = out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as unknown);
    expect([begin, lines, err]).toEqual([
      { flotillaLedger: 1, takenAt: '2026-01-01T00:00:00.000Z', anchor: chainStart },
      [...whole, { head: last }],
      `ends with ${noted(last)}\n`,
    ]);
  });
});

describe('ledger list', () => {
  it('asks for what it is narrowed by', async () => {
    const plane = planeWith({
      events: [
        {
          id: '7',
          seq: 5,
          at: '2025-12-31T23:00:00.000Z',
          actor: 'user:ann',
          action: 'target.suspend',
          subject: 'Application default/checkout',
          message: 'incident 42',
        },
      ],
    });
    const words =
      'ledger list --actor user:ann --action target --for application/checkout --since 2h --until 2026-01-01 -o wide';
    const { out } = await worldOf(plane).run(...words.split(' '));
    const [url] = plane.asked;
    expect([Object.fromEntries(new URL(url!.slice(4), plane.url).searchParams), out]).toEqual([
      {
        limit: '101',
        subject: 'Application default/checkout',
        actor: 'user:ann',
        action: 'target',
        since: '2025-12-31T22:00:00.000Z',
        until: '2026-01-01T00:00:00.000Z',
      },
      [
        'AGE   AT                         LINE   ACTOR      ACTION           SUBJECT                        MESSAGE',
        '60m   2025-12-31T23:00:00.000Z   5      user:ann   target.suspend   Application default/checkout   incident 42',
        '',
      ].join('\n'),
    ]);
  });

  it.each([
    ['--since', 'yesterday'],
    ['--health', 'Degraded'],
  ])('refuses %s %s', async (...flags) => {
    expect((await worldOf(planeWith({})).run('ledger', 'list', ...flags)).code).toBe(2);
  });
});
