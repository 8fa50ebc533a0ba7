import { describe, expect, it } from 'vitest';
import { faultOf } from '../testing/fault-reason.ts';
import { flushPacket, packetOf } from './pkt-line.ts';
import { pushRequest, readPushReport, readReceiveOffer, type ReceiveOffer } from './receive-pack.ts';

const id = (digit: string) => digit.repeat(40);
const ref = 'refs/heads/main';
const scrub = (text: string) => text.replaceAll('hunter2', '[redacted]');

async function* bytesOf(...texts: readonly string[]): AsyncGenerator<Uint8Array, void, void> {
  for (const text of texts) yield Buffer.from(text, 'latin1');
}

const offerWith = (...capabilities: readonly string[]): ReceiveOffer => ({
  refs: new Map([[ref, id('a')]]),
  capabilities: new Set(capabilities),
});
const advertised = (...lines: readonly string[]) =>
  packetOf('# service=git-receive-pack\n') + flushPacket + lines.map(packetOf).join('') + flushPacket;

describe('what a host says before a push', () => {
  it('is where its refs point, and how it will report', async () => {
    const text = advertised(`${id('a')} ${ref}\0report-status side-band-64k agent=x\n`, `${id('b')} refs/tags/v1\n`);
    expect(await readReceiveOffer(bytesOf(text), scrub)).toEqual({
      refs: new Map([
        [ref, id('a')],
        ['refs/tags/v1', id('b')],
      ]),
      capabilities: new Set(['report-status', 'side-band-64k', 'agent=x']),
    });
  });

  it('is no ref at all of an empty repository', async () => {
    const text = advertised(`${id('0')} capabilities^{}\0report-status\n`);
    expect((await readReceiveOffer(bytesOf(text), scrub)).refs).toEqual(new Map());
  });

  it.each([
    ['a host that does not report', advertised(`${id('a')} ${ref}\0ofs-delta\n`), 'GitProtocolUnsupported'],
    ['nothing', advertised(), 'GitProtocolUnsupported'],
    ['a line that is no ref', advertised('hello\n'), 'GitAnswerMalformed'],
    ['other ids', advertised(`${id('a')} ${ref}\0report-status object-format=sha256\n`), 'GitObjectFormatUnsupported'],
    ['a refusal', advertised('ERR go away\n'), 'GitHostRefused'],
    ['an answer that is cut short', advertised(`${id('a')} ${ref}\0report-status\n`).slice(0, -6), 'GitPackTruncated'],
  ])('is refused: %s', async (_what, text, reason) => {
    expect((await faultOf(readReceiveOffer(bytesOf(text), scrub))).reason).toBe(reason);
  });
});

describe('a push', () => {
  it('moves one ref from where it is, and asks only for what the host offers', () => {
    const update = { ref, before: id('a'), after: id('b') };
    const request = pushRequest(update, Buffer.from('PACK'), offerWith('report-status', 'atomic'));
    const line = `${id('a')} ${id('b')} ${ref}\0 report-status agent=git/flotilla`;
    expect(Buffer.from(request).toString('latin1')).toBe(`${packetOf(line)}${flushPacket}PACK`);
  });

  it('of a new branch says that there was none', () => {
    const request = pushRequest({ ref, before: undefined, after: id('b') }, Buffer.alloc(0), offerWith());
    expect(Buffer.from(request).toString('latin1')).toContain(`${id('0')} ${id('b')} ${ref}`);
  });
});

describe('what a host reports of a push', () => {
  const plain = (...lines: readonly string[]) => lines.map((line) => packetOf(`${line}\n`)).join('') + flushPacket;
  const channel = (number: number, text: string) => packetOf(String.fromCharCode(number) + text);
  const banded = (said: string, ...lines: readonly string[]) =>
    channel(2, said) + channel(1, plain(...lines).slice(0, 7)) + channel(1, plain(...lines).slice(7)) + flushPacket;
  const read = (text: string, ...capabilities: readonly string[]) =>
    readPushReport(bytesOf(text), { ref, offer: offerWith(...capabilities), scrub });

  it.each([
    ['a yes', plain('unpack ok', `ok ${ref}`), { taken: true }],
    ['a no', plain('unpack ok', `ng ${ref} non-fast-forward`), { taken: false, why: 'non-fast-forward' }],
    [
      'a pack that it cannot use',
      plain('unpack index-pack failed', `ok ${ref}`),
      { taken: false, why: 'index-pack failed' },
    ],
  ])('is read: %s', async (_what, text, report) => expect(await read(text)).toEqual(report));

  it('is read from its channel, with what it says to people, and without what it echoes', async () => {
    const text = banded('only reviewers\n may, hunter2\n', 'unpack ok', `ng ${ref} hook declined`);
    expect(await read(text, 'side-band-64k')).toEqual({
      taken: false,
      why: 'hook declined only reviewers may, [redacted]',
    });
    expect(await read(banded('welcome\n', 'unpack ok', `ok ${ref}`), 'side-band-64k')).toEqual({ taken: true });
  });

  it.each([
    ['no word of the ref', plain('unpack ok'), 'GitPackTruncated'],
    ['a yes to another ref', plain('unpack ok', `ok ${ref}-2`), 'GitPackTruncated'],
    ['a yes that nobody unpacked', plain(`ok ${ref}`), 'GitPackTruncated'],
    ['nothing', '', 'GitPackTruncated'],
  ])('is no yes: %s', async (_what, text, reason) => expect((await faultOf(read(text))).reason).toBe(reason));

  it('may be an error in the middle', async () => {
    const text = channel(3, 'disk full') + flushPacket;
    expect((await faultOf(read(text, 'side-band-64k'))).reason).toBe('GitHostRefused');
  });
});
