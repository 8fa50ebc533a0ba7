import { describe, expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import type { ListRefsOptions } from '../git-remote.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { readCapabilities } from './capabilities.ts';
import { fetchRequest, readFetchedPack } from './fetch.ts';
import { lsRefsRequest, readLsRefs } from './ls-refs.ts';
import { delimPacket, flushPacket, packetOf } from './pkt-line.ts';

const id = (digit: string) => digit.repeat(40);
const scrub = (text: string) => text.replaceAll('hunter2', '[redacted]');

describe('what a host offers', () => {
  const service = packetOf('# service=git-upload-pack\n') + flushPacket;

  it.each([
    [
      'with filters',
      `${service}${lines('version 2', 'fetch=shallow wait-for-done filter', 'object-format=sha1')}`,
      true,
    ],
    ['without', `${service}${lines('version 2', 'ls-refs=unborn', 'fetch=shallow')}`, false],
    ['without the line that old servers send first', lines('version 2', 'fetch'), false],
  ])('%s', async (_what, answer, filter) => {
    expect(await readCapabilities(answerOf(answer), scrub)).toEqual({ filter });
  });

  it.each([
    [
      'version 0',
      service + lines(`${id('a')} HEAD\0multi_ack`, `${id('a')} refs/heads/main`),
      'GitProtocolUnsupported',
    ],
    ['nothing', flushPacket, 'GitProtocolUnsupported'],
    ['SHA-256 ids', lines('version 2', 'object-format=sha256'), 'GitObjectFormatUnsupported'],
    ['a refusal', lines('ERR go away'), 'GitHostRefused'],
  ])('is refused: %s', async (_what, answer, reason) => {
    expect((await faultOf(readCapabilities(answerOf(answer), scrub))).reason).toBe(reason);
  });
});

describe('the listing of refs', () => {
  it('is asked for in one request, by prefix', () => {
    expect(lsRefsRequest({ names: ['refs/heads/main'], prefixes: ['refs/tags/'] })).toBe(
      '0013command=ls-refs' +
        '0001' +
        '0008peel' +
        '000bsymrefs' +
        '001eref-prefix refs/heads/main' +
        '0019ref-prefix refs/tags/' +
        '0000',
    );
  });

  it('is filtered again, peeled, and free of branches that are not born yet', async () => {
    const answer = lines(
      `${id('a')} HEAD symref-target:refs/heads/main`,
      `${id('a')} refs/heads/main`,
      `${id('b')} refs/heads/main-2`,
      `${id('c')} refs/tags/v1 peeled:${id('a')}`,
      'unborn refs/heads/new symref-target:refs/heads/new',
    );
    expect(await list(answer, { names: ['refs/heads/main'], prefixes: ['refs/tags/'] })).toEqual([
      { name: 'refs/heads/main', commit: id('a') },
      { name: 'refs/tags/v1', commit: id('a'), tag: id('c') },
    ]);
    expect(await list(answer, {})).toHaveLength(4);
  });

  it('AT-21 has a bound, whatever of it was asked for', async () => {
    const many = Array.from({ length: 51 }, (_, index) => `${id('a')} refs/heads/branch-${index}`);
    const limited = { names: ['refs/heads/main'] };
    expect((await faultOf(list(lines(...many), limited, 50))).reason).toBe('GitTooManyRefs');
    expect(await list(lines(...many), limited, 51)).toEqual([]);
  });

  it.each(['no id here', id('a'), `${id('A')} refs/heads/main`])('is refused with the line "%s"', async (line) => {
    expect((await faultOf(list(lines(line), {}))).reason).toBe('GitAnswerMalformed');
  });
});

describe('a fetch', () => {
  it('asks for a change in one short request', () => {
    const request = { wants: [id('a')], have: id('b'), tipOnly: true } as const;
    const body = fetchRequest(request, { filter: true });
    expect(body).toBe(
      '0011command=fetch' +
        '0001' +
        '000dthin-pack' +
        '000dofs-delta' +
        '000fno-progress' +
        '000cdeepen 1' +
        `0031want ${id('a')}` +
        `0031have ${id('b')}` +
        '0008done' +
        '0000',
    );
    expect(fetchRequest({ ...request, haveIsShallow: true }, { filter: true })).toContain(`0034shallow ${id('b')}`);
  });

  it('sends a filter only to a host that has them', () => {
    const request = { wants: [id('a')], filter: 'tree:0' } as const;
    expect(fetchRequest(request, { filter: true })).toContain('0011filter tree:0');
    expect(fetchRequest(request, { filter: false })).not.toContain('filter');
  });

  it('takes the pack out of its sections and channels', async () => {
    const answer = [
      packetOf('shallow-info\n'),
      packetOf(`shallow ${id('a')}`),
      delimPacket,
      packetOf('packfile\n'),
      packetOf('\u0001PA'),
      packetOf('\u0002Counting objects\r'),
      packetOf('\u0001CK'),
      flushPacket,
    ];
    expect(await pack(answer.join(''))).toBe('PACK');
  });

  it.each([
    [
      'a commit that is not there',
      packetOf(`ERR upload-pack: not our ref ${id('1')}`),
      'GitCommitNotFound',
      `the repository does not have ${id('1')}; it may have been removed by a forced push`,
    ],
    [
      'an error before the pack',
      packetOf('ERR token hunter2 is not welcome'),
      'GitHostRefused',
      'the Git host says: token [redacted] is not welcome',
    ],
    [
      'an error within the pack',
      packetOf('packfile\n') + packetOf('\u0001PA') + packetOf('\u0003died\u202e\n'),
      'GitHostRefused',
      'the Git host says: died\\u{202e}',
    ],
    [
      'an end before the pack',
      packetOf('shallow-info\n') + flushPacket,
      'GitPackTruncated',
      'the answer of the Git host ended before its pack',
    ],
    [
      'an end within the pack',
      packetOf('packfile\n') + packetOf('\u0001PA'),
      'GitPackTruncated',
      'the answer of the Git host was cut short',
    ],
  ])('fails with %s', async (_what, answer, reason, message) => {
    await expect(pack(answer)).rejects.toMatchObject({ reason, message });
  });
});

function lines(...all: string[]): string {
  return all.map((line) => packetOf(`${line}\n`)).join('') + flushPacket;
}

async function* answerOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function list(answer: string, options: ListRefsOptions, refsMax = 100) {
  return readLsRefs(answerOf(answer), { ...options, limits: { ...gitLimits, refsMax }, scrub });
}

async function pack(answer: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readFetchedPack(answerOf(answer), { bytesMax: 10_000, scrub })) parts.push(part);
  return Buffer.concat(parts).toString();
}
