import { describe, expect, it } from 'vitest';
import { parseCommit } from './parse-commit.ts';

const id = '1'.repeat(40);
const tree = `tree ${'a'.repeat(40)}`;
const people = 'author A U Thor <a@example.org> 1700000000 +0200\ncommitter C O <c@example.org> 1700000060 -0330';
const ssh = '-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n\nAAAA\n-----END SSH SIGNATURE-----';
const folded = (text: string) => text.replaceAll('\n', '\n ');

describe('a commit', () => {
  it('is read with its parents, people and message', () => {
    const parents = `parent ${'b'.repeat(40)}\nparent ${'c'.repeat(40)}`;
    expect(parseCommit(id, bytes(`${tree}\n${parents}\n${people}\nencoding UTF-8\n\nfix größe\n\nmore\n`))).toEqual({
      id,
      tree: 'a'.repeat(40),
      parents: ['b'.repeat(40), 'c'.repeat(40)],
      author: { name: 'A U Thor', email: 'a@example.org', at: 1_700_000_000_000 },
      committer: { name: 'C O', email: 'c@example.org', at: 1_700_000_060_000 },
      message: 'fix größe\n\nmore\n',
    });
  });

  it('may have people that no human would write', () => {
    const odd = 'author <> 0 +0000\ncommitter rubbish without an address';
    expect(parseCommit(id, bytes(`${tree}\n${odd}\n\n`))).toMatchObject({
      author: { name: '', email: '', at: 0 },
      committer: { name: '', email: '', at: 0 },
      message: '',
    });
  });

  it.each([
    ['SSH', ssh],
    ['PGP', '-----BEGIN PGP SIGNATURE-----\n\niHUE\n=abcd\n-----END PGP SIGNATURE-----'],
  ])('signed with %s gives the signature, and exactly the bytes that were signed', (_kind, signature) => {
    const signed = bytes(`${tree}\n${people}\ngpgsig ${folded(signature)}\n\nmessage\n`);
    expect(textOf(parseCommit(id, signed).signature)).toEqual({
      text: signature,
      payload: `${tree}\n${people}\n\nmessage\n`,
    });
  });

  it('signed for SHA-256 as well is signed without either header', () => {
    const signed = bytes(`${tree}\n${people}\ngpgsig-sha256 ${folded(ssh)}\ngpgsig ${folded(ssh)}\nextra x\n\nm`);
    expect(textOf(parseCommit(id, signed).signature)).toEqual({
      text: ssh,
      payload: `${tree}\n${people}\nextra x\n\nm`,
    });
  });

  it('keeps bytes that are not UTF-8 in what was signed', () => {
    const latin = Buffer.concat([bytes(`${tree}\n${people}\ngpgsig ${folded(ssh)}\n\n`), Buffer.from([0xe4, 0xff])]);
    const { signature } = parseCommit(id, latin);
    expect(Buffer.from(signature?.payload ?? []).toString('latin1')).toBe(`${tree}\n${people}\n\n\u00e4\u00ff`);
  });

  it.each([
    ['twice', `gpgsig ${folded(ssh)}\ngpgsig ${folded(ssh)}`],
    ['only for SHA-256', `gpgsig-sha256 ${folded(ssh)}`],
    ['not at all', 'mergetag object'],
  ])('signed %s counts as not signed', (_what, header) => {
    expect(parseCommit(id, bytes(`${tree}\n${people}\n${header}\n\nm`)).signature).toBeUndefined();
  });

  it('does not take a signature from its message', () => {
    expect(parseCommit(id, bytes(`${tree}\n${people}\n\ngpgsig ${folded(ssh)}\n`)).signature).toBeUndefined();
  });

  it.each([
    ['without a tree', people],
    ['with a tree that is no id', `tree main\n${people}`],
    ['with a parent that is no id', `${tree}\nparent main\n${people}`],
    ['AT-21 with 100,000 parents', `${tree}\n${`parent ${'b'.repeat(40)}\n`.repeat(100_000)}${people}`],
    ['AT-21 with 100,000 headers', `${tree}\n${'x y\n'.repeat(100_000)}${people}`],
    ['that is empty', ''],
    ['that is rubbish', '\0\0\0'],
  ])('%s is refused', (_what, text) => {
    expect(() => parseCommit(id, bytes(text))).toThrow(
      expect.objectContaining({ reason: 'GitCommitMalformed', subject: id }),
    );
  });
});

function bytes(text: string): Buffer {
  return Buffer.from(text);
}

function textOf(signature: { text: string; payload: Uint8Array } | undefined): unknown {
  return signature && { text: signature.text, payload: Buffer.from(signature.payload).toString() };
}
