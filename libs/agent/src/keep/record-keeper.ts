import { Fault, toFault } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { KubeObject, ObjectKey } from '@flotilla/model';
import { agentObjects, applySet, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { applySetAnnotations, applySetId, checkParent } from './apply-set.ts';
import { OwnSecrets } from './own-secrets.ts';
import { neededBundles, packRecord, unpackRecord, type TargetRecord } from './target-record.ts';

const dataKey = 'record';
/** Names the Secrets that continue this one, in order. */
const chunksKey = 'chunks';
/** Kubernetes takes a Secret of one mebibyte; what is larger is continued in Secrets of its own. */
const chunkCharactersMax = 900_000;
const chunksMax = 16;

/** Records of targets, each in a Secret of the agent's namespace. */
export class RecordKeeper {
  readonly #cluster: ClusterApi;
  readonly #namespace: string;
  /** Targets whose record may be continued: only there is it worth looking for what is left over. */
  readonly #chunked = new Set<string>();

  readonly #heads: OwnSecrets;
  readonly #sizes = new Map<string, number>();

  /** A record is never kept in more characters than this. */
  readonly #charactersMax: number;

  constructor(cluster: ClusterApi, namespace: string, charactersMax = chunkCharactersMax * chunksMax) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    this.#charactersMax = charactersMax;
    this.#heads = new OwnSecrets(cluster);
  }

  keyOf(target: string): ObjectKey {
    return this.#key(agentObjects.record(target));
  }

  /** All records there are. One that cannot be read is handed to `onUnreadable` and does not hide the others. */
  async load(onUnreadable: (name: string, fault: Fault) => void): Promise<TargetRecord[]> {
    const secrets = await this.#secrets(marks.record);
    const byName = new Map(secrets.map((secret) => [secret.metadata.name, secret]));
    for (const chunk of secrets.filter((secret) => !isHead(secret))) this.#chunked.add(targetOf(chunk));
    return secrets.filter(isHead).flatMap((secret) => {
      this.#heads.see(secret);
      try {
        // Records of the first version named no tool.
        if (secret.metadata.annotations?.[applySet.tooling] !== undefined) checkParent(secret);
        const packed = joined(secret, byName);
        this.#sizes.set(targetOf(secret), packed.length);
        return [unpackRecord(packed)];
      } catch (error) {
        onUnreadable(secret.metadata.name, toFault(error));
        return [];
      }
    });
  }

  /**
   * The head goes last and names its chunks, and a chunk is called by its content: cut off at any moment, the head that
   * is there still finds exactly the chunks that it was written with.
   */
  async save(record: TargetRecord): Promise<void> {
    const packed = withinBudget(record, this.#charactersMax);
    const [first, ...rest] = parts(packed);
    const chunks = rest.map((part) => this.#chunk(record.target, part));
    if (chunks.length > 0) this.#chunked.add(record.target);
    // What they hold is what they are called, so it cannot be wrong to write them once more.
    for (const chunk of chunks) await this.#cluster.apply(chunk, { force: true });
    const names = chunks.map(({ metadata }) => metadata.name);
    await this.#heads.write(this.#head(record, first!, names));
    this.#sizes.set(record.target, packed.length);
    if (this.#chunked.has(record.target)) await this.#sweep(record.target, names);
  }

  /** The head goes last: as long as it is there, whoever is cut off knows that there is something left to delete. */
  async delete(target: string): Promise<void> {
    await this.#sweep(target, []);
    const head = await this.#cluster.get(this.keyOf(target));
    if (head) await this.#cluster.delete(this.keyOf(target), { uid: head.metadata.uid! });
    this.#heads.forget(agentObjects.record(target));
    this.#chunked.delete(target);
    this.#sizes.delete(target);
  }

  /** How many characters the record of each target takes in the cluster. */
  get sizes(): ReadonlyMap<string, number> {
    return this.#sizes;
  }

  /** Takes away the chunks that no head names any more. */
  async #sweep(target: string, kept: readonly string[]): Promise<void> {
    const secrets = await this.#secrets(`${marks.record}=${target}`);
    for (const secret of secrets.filter((each) => !isHead(each) && !kept.includes(each.metadata.name))) {
      await this.#cluster.delete(this.#key(secret.metadata.name), { uid: secret.metadata.uid! });
    }
    if (kept.length === 0) this.#chunked.delete(target);
  }

  #secrets(labelSelector: string): Promise<readonly KubeObject[]> {
    return this.#cluster.list({ group: '', kind: 'Secret' }, { namespace: this.#namespace, labelSelector });
  }

  #head(record: TargetRecord, part: string, chunks: readonly string[]): KubeObject {
    const { name } = this.keyOf(record.target);
    const annotations = {
      ...applySetAnnotations(record.inventory, this.#namespace),
      'flotilla.dev/title': record.title,
    };
    const labels = { [marks.record]: record.target, [applySet.id]: applySetId(name, this.#namespace) };
    const data = { [dataKey]: part, [chunksKey]: Buffer.from(chunks.join(' ')).toString('base64') };
    return this.#secret(name, { labels, annotations, data });
  }

  #chunk(target: string, part: string): KubeObject {
    const name = `${agentObjects.record(target)}-${sha256(part).slice(0, 16)}`;
    return this.#secret(name, { labels: { [marks.record]: target }, data: { [dataKey]: part } });
  }

  #key(name: string): ObjectKey {
    return { group: '', kind: 'Secret', namespace: this.#namespace, name };
  }

  #secret(name: string, { data, ...metadata }: { labels: object; annotations?: object; data: object }): KubeObject {
    const meta = { name, namespace: this.#namespace, ...metadata } as KubeObject['metadata'];
    return { apiVersion: 'v1', kind: 'Secret', metadata: meta, type: 'flotilla.dev/record', data };
  }
}

function isHead(secret: KubeObject): boolean {
  return secret.metadata.labels?.[applySet.id] !== undefined;
}

function targetOf(secret: KubeObject): string {
  return secret.metadata.labels?.[marks.record] ?? '';
}

function joined(head: KubeObject, byName: ReadonlyMap<string, KubeObject>): string {
  const data = head.data as Record<string, string>;
  const names = Buffer.from(data[chunksKey] ?? '', 'base64')
    .toString('utf8')
    .split(' ')
    .filter(Boolean);
  const rest = names.slice(0, chunksMax).map((name) => {
    const part = (byName.get(name)?.data as Record<string, string> | undefined)?.[dataKey];
    if (!part) throw new Error(`its continuation ${name} is missing`);
    return part;
  });
  return [data[dataKey] ?? '', ...rest].join('');
}

/** The record with as many bundles as there is room for; older ones make way, those that are needed never do. */
function withinBudget(record: TargetRecord, charactersMax: number): string {
  for (let count = record.bundles.length; ; count--) {
    const packed = packRecord({ ...record, bundles: record.bundles.slice(0, count) });
    if (packed.length <= charactersMax) return packed;
    if (count <= neededBundles(record)) throw tooLarge(record, packed.length);
  }
}

function parts(packed: string): string[] {
  const count = Math.max(1, Math.ceil(packed.length / chunkCharactersMax));
  return Array.from({ length: count }, (_, index) =>
    packed.slice(index * chunkCharactersMax, (index + 1) * chunkCharactersMax),
  );
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
