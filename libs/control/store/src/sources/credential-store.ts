import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Credential, CredentialPlace, Credentials } from '@flotilla/control-sources';
import { Fault, Redacted } from '@flotilla/foundation';
import type { Actor } from '@flotilla/model';
import { stageQuestions, waveQuestions } from '../delivery/question-tables.ts';
import { CredentialRow } from '../rows/credential.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** Credentials in PostgreSQL, sealed with AES-256-GCM by a key that never enters the database. */
export class CredentialStore implements Credentials {
  readonly #store: Store;
  readonly #key: Redacted<Buffer>;

  constructor(store: Store, key: Redacted<Buffer>) {
    this.#store = store;
    this.#key = key;
  }

  async get(project: string, name: string): Promise<Credential | undefined> {
    const row = await this.#store.manager.findOneBy(CredentialRow, { project, name });
    if (!row) return undefined;
    const secret = new Redacted(this.#open(row));
    const origin = row.origin ?? '';
    if (row.kind === 'bearer') return { kind: 'bearer', origin, token: secret };
    if (row.kind === 'address') return { kind: 'address', address: secret };
    if (row.kind === 'webhook') return { kind: 'webhook', secret };
    const [username = '', password = ''] = JSON.parse(secret.reveal()) as string[];
    return { kind: 'basic', origin, username, password: new Redacted(password) };
  }

  async put({ project, name }: CredentialPlace, credential: Credential, by: Actor): Promise<void> {
    await this.#store.transact(async (transaction) => {
      const existing = await transaction.manager.findOneBy(CredentialRow, { project, name });
      const row: CredentialRow = {
        uid: existing?.uid ?? this.#store.ids.next(),
        project,
        name,
        kind: credential.kind,
        origin: 'origin' in credential ? credential.origin : null,
        sealed: this.#seal(secretOf(credential), `${project}/${name}`),
        updatedAt: this.#store.now(),
      };
      await transaction.manager.upsert(CredentialRow, row, ['project', 'name']);
      transaction.record({
        project,
        actor: by,
        action: existing ? 'credential.replace' : 'credential.set',
        subject: `Credential ${project}/${name}`,
        message: `${row.kind}${row.origin ? ` for ${row.origin}` : ''}`,
      });
      await markWaiting(transaction, project, name);
    });
  }

  #seal(secret: string, place: string): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key.reveal(), nonce);
    cipher.setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  }

  #open({ project, name, sealed }: CredentialRow): string {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key.reveal(), sealed.subarray(0, 12));
      decipher.setAAD(Buffer.from(`${project}/${name}`));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new Fault({
        code: 'internal',
        reason: 'CredentialSealed',
        message: `credential ${project}/${name} was sealed with another key; set it again`,
        consequence: { kind: 'stall', until: 'the credential is set again' },
        cause,
      });
    }
  }
}

/** A repository that was refused, a repair of it or a record in it, or a question that nobody could sign, waits for exactly this. */
async function markWaiting(transaction: Transaction, project: string, name: string): Promise<void> {
  const uids = (rows: readonly { uid: string }[]) => rows.map(({ uid }) => uid);
  const repositories = await transaction.query<{ uid: string }>(
    `SELECT uid FROM document WHERE project = $1 AND kind = 'Repository' AND spec -> 'credentials' ->> 'controlPlane' = $2`,
    [project, name],
  );
  const repairs = await transaction.query<{ uid: string }>(
    `SELECT repair.uid FROM repair JOIN document ON document.uid = repair.repository
     WHERE document.project = $1 AND $2 IN (spec -> 'write' ->> 'credential', spec -> 'host' ->> 'credential')
       AND state NOT IN ('Pushed', 'Merged', 'Failed')`,
    [project, name],
  );
  for (const { name: questions } of [stageQuestions, waveQuestions]) {
    const failing = await transaction.query<{ uid: string }>(
      `UPDATE ${questions} SET next_try = NULL WHERE project = $1 AND secret = $2 AND state = 'Failing' RETURNING uid`,
      [project, name],
    );
    transaction.mark('gate', uids(failing));
  }
  const records = await transaction.query<{ uid: string }>(
    `UPDATE stage_record SET next_try = NULL FROM document
     WHERE document.project = $1 AND document.kind = 'Repository' AND document.spec -> 'write' ->> 'credential' = $2
       AND stage_record.project = $1 AND stage_record.repository = document.name AND state = 'Failing'
     RETURNING stage_record.uid`,
    [project, name],
  );
  transaction.mark('record', uids(records));
  transaction.mark('repository', uids(repositories));
  transaction.mark('repair', uids(repairs));
}

function secretOf(credential: Credential): string {
  switch (credential.kind) {
    case 'basic':
      return JSON.stringify([credential.username, credential.password.reveal()]);
    case 'bearer':
      return credential.token.reveal();
    case 'address':
      return credential.address.reveal();
    case 'webhook':
      return credential.secret.reveal();
  }
}
