import { Fault, toFault } from '@flotilla/foundation';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { agentObjects, applySet, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { applySetAnnotations, applySetId } from './apply-set.ts';
import { packRecord, unpackRecord, type TargetRecord } from './target-record.ts';

const dataKey = 'record';
/** Kubernetes takes a Secret of one mebibyte; what is larger is continued in Secrets of its own. */
const chunkCharactersMax = 900_000;
const chunksMax = 16;

/** Records of targets, each in a Secret of the agent's namespace. */
export class RecordKeeper {
  readonly #cluster: ClusterApi;
  readonly #namespace: string;

  constructor(cluster: ClusterApi, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  keyOf(target: string, chunk = 0): ObjectKey {
    const name = chunk === 0 ? agentObjects.record(target) : `${agentObjects.record(target)}-${chunk}`;
    return { group: '', kind: 'Secret', namespace: this.#namespace, name };
  }

  /** All records there are. One that cannot be read is handed to `onUnreadable` and does not hide the others. */
  async load(onUnreadable: (name: string, fault: Fault) => void): Promise<TargetRecord[]> {
    const secrets = await this.#cluster.list(
      { group: '', kind: 'Secret' },
      { namespace: this.#namespace, labelSelector: marks.record },
    );
    const byName = new Map(secrets.map((secret) => [secret.metadata.name, secret]));
    return secrets.filter(isHead).flatMap((secret) => {
      try {
        return [unpackRecord(joined(secret, byName))];
      } catch (error) {
        onUnreadable(secret.metadata.name, toFault(error));
        return [];
      }
    });
  }

  async save(record: TargetRecord): Promise<void> {
    const packed = packRecord(record);
    const chunks = Math.max(1, Math.ceil(packed.length / chunkCharactersMax));
    if (chunks > chunksMax) throw tooLarge(record, packed.length);
    // The head goes last: it says how many chunks there are.
    for (let chunk = chunks - 1; chunk >= 0; chunk--) {
      const part = packed.slice(chunk * chunkCharactersMax, (chunk + 1) * chunkCharactersMax);
      await this.#write(chunk === 0 ? this.#head(record, part, chunks) : this.#chunk(record.target, chunk, part));
    }
  }

  /** The head goes last: as long as it is there, whoever is cut off knows that there is something left to delete. */
  async delete(target: string): Promise<void> {
    let chunk = 1;
    while (chunk < chunksMax && (await this.#cluster.get(this.keyOf(target, chunk)))) chunk++;
    while (--chunk >= 0) {
      const secret = await this.#cluster.get(this.keyOf(target, chunk));
      if (secret) await this.#cluster.delete(this.keyOf(target, chunk), { uid: secret.metadata.uid! });
    }
  }

  /** The record is ours alone, so what we say about it is forced. Annotations of people stay: they are not ours. */
  async #write(secret: KubeObject): Promise<void> {
    await this.#cluster.apply(secret, { force: true });
  }

  #head(record: TargetRecord, part: string, chunks: number): KubeObject {
    const { name } = this.keyOf(record.target);
    const annotations = {
      ...applySetAnnotations(record.inventory, this.#namespace),
      'flotilla.dev/title': record.title,
    };
    const labels = { [marks.record]: record.target, [applySet.id]: applySetId(name, this.#namespace) };
    return this.#secret(name, {
      labels,
      annotations,
      data: { [dataKey]: part, chunks: Buffer.from(String(chunks)).toString('base64') },
    });
  }

  #chunk(target: string, chunk: number, part: string): KubeObject {
    return this.#secret(this.keyOf(target, chunk).name, {
      labels: { [marks.record]: target },
      data: { [dataKey]: part },
    });
  }

  #secret(name: string, { data, ...metadata }: { labels: object; annotations?: object; data: object }): KubeObject {
    const meta = { name, namespace: this.#namespace, ...metadata } as KubeObject['metadata'];
    return { apiVersion: 'v1', kind: 'Secret', metadata: meta, type: 'flotilla.dev/record', data };
  }
}

function isHead(secret: KubeObject): boolean {
  return secret.metadata.labels?.[applySet.id] !== undefined;
}

function joined(head: KubeObject, byName: ReadonlyMap<string, KubeObject>): string {
  const data = head.data as Record<string, string>;
  const chunks = Number(Buffer.from(data.chunks ?? '', 'base64').toString('utf8') || 1);
  const parts = [data[dataKey] ?? ''];
  for (let chunk = 1; chunk < Math.min(chunks, chunksMax); chunk++) {
    const part = byName.get(`${head.metadata.name}-${chunk}`)?.data as Record<string, string> | undefined;
    if (!part?.[dataKey]) throw new Error(`part ${chunk} of ${chunks} is missing`);
    parts.push(part[dataKey]);
  }
  return parts.join('');
}

function tooLarge(record: TargetRecord, characters: number): Fault {
  return new Fault({
    code: 'too-large',
    reason: 'RecordTooLarge',
    message: `${record.title}: its files and inventory take ${characters} characters, more than the cluster can keep; split the application`,
    subject: record.title,
    consequence: { kind: 'stall', until: 'the application is smaller' },
  });
}
