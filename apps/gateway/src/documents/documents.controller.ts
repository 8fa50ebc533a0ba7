import { Controller } from '@nestjs/common';
import { controlVerbs, documentPlurals, operations, type OperationResponse } from '@flotilla/contracts';
import { reaches } from '@flotilla/control-access';
import { applyDocuments, deleteDocument } from '@flotilla/control-sources';
import { DocumentStore, StoredFleet, StoredSources } from '@flotilla/control-store';
import { Fault, mapLimited } from '@flotilla/foundation';
import {
  documentApiVersion,
  documentTitle,
  type BlastRadius,
  type DocumentKind,
  type DocumentPlan,
} from '@flotilla/model';
import { ControlClient } from '@flotilla/platform-bus/nest';
import { InvalidRequest } from '../http/invalid-request.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { documentView, planView } from '../views/document-view.ts';
import { labelFilter, pageRequest, viewPage } from '../views/pages.ts';

const {
  applyDocuments: apply,
  deleteDocument: remove,
  getDocument,
  listDocuments,
  listProjects,
  lookAtRepository,
  putCredential,
} = operations;

const kinds = Object.fromEntries(Object.entries(documentPlurals).map(([kind, plural]) => [plural, kind])) as Record<
  string,
  DocumentKind
>;

/** Documents: what people author. */
@Controller()
export class DocumentsController {
  constructor(
    private readonly documents: DocumentStore,
    private readonly sources: StoredSources,
    private readonly fleet: StoredFleet,
    private readonly control: ControlClient,
  ) {}

  @Serves(listProjects)
  async projects(
    @Checked() { principal }: Input<typeof listProjects>,
  ): Promise<OperationResponse<typeof listProjects>> {
    const names = (await this.sources.projects()).filter((name) => reaches(principal, name));
    const records = await mapLimited(names, 4, (name) => this.sources.document(name, 'Project', name));
    return { items: records.map((record, index) => (record ? documentView(record) : undeclared(names[index]!))) };
  }

  @Serves(apply)
  async apply(@Checked() { params, body, principal }: Input<typeof apply>): Promise<OperationResponse<typeof apply>> {
    const { project } = params;
    const by = { kind: 'user' as const, name: principal.name };
    const before = await this.documents.all(project);
    const { plan, problems } = await applyDocuments(this.documents, { project, ...body, by });
    if (problems.length > 0) throw new InvalidRequest(problems.map((problem) => ({ ...problem })));
    return planView(plan, { current: before, dryRun: body.dryRun, blast: await this.#blast(project, plan) });
  }

  @Serves(listDocuments)
  async list(
    @Checked() { params, query }: Input<typeof listDocuments>,
  ): Promise<OperationResponse<typeof listDocuments>> {
    const { project, plural } = params;
    const request = { project, kind: kinds[plural]!, page: pageRequest(query), ...labelFilter(query.labelSelector) };
    const [page, counts] = await Promise.all([this.sources.documents(request), this.fleet.counts(project)]);
    return viewPage(page, (record) => documentView(record, countsFor(record.document, counts)));
  }

  @Serves(getDocument)
  async get(@Checked() { params }: Input<typeof getDocument>): Promise<OperationResponse<typeof getDocument>> {
    const { project, plural, name } = params;
    const kind = kinds[plural]!;
    const record = await this.sources.document(project, kind, name);
    if (!record) throw missing(documentTitle({ project, kind, name }));
    return documentView(record, countsFor(record.document, await this.fleet.counts(project)));
  }

  @Serves(remove)
  async remove(
    @Checked() { params, query, principal }: Input<typeof remove>,
  ): Promise<OperationResponse<typeof remove>> {
    const { project, plural, name } = params;
    const key = { project, kind: kinds[plural]!, name };
    const before = await this.documents.all(project);
    const by = { kind: 'user' as const, name: principal.name };
    const plan = await deleteDocument(this.documents, { key, by, dryRun: query.dryRun });
    if (plan.problems.length > 0) throw new InvalidRequest(plan.problems.map(({ message }) => ({ message })));
    if (plan.changes.length === 0) throw missing(documentTitle(key));
    return planView(plan, { current: before, dryRun: query.dryRun, blast: await this.#blast(project, plan) });
  }

  @Serves(lookAtRepository)
  look(@Checked() { params }: Input<typeof lookAtRepository>): Promise<OperationResponse<typeof lookAtRepository>> {
    return this.control.ask(controlVerbs.look, { project: params.project, repository: params.name });
  }

  @Serves(putCredential)
  async putCredential(
    @Checked() { params, body, principal }: Input<typeof putCredential>,
  ): Promise<OperationResponse<typeof putCredential>> {
    const by = { kind: 'user' as const, name: principal.name };
    await this.control.ask(controlVerbs.putCredential, { ...params, credential: body, by });
    return { name: params.name, kind: body.kind };
  }

  /** Of how much each freeze is that comes, changes or goes. What was done is told also where that cannot be counted now. */
  async #blast(project: string, { changes }: DocumentPlan): Promise<ReadonlyMap<string, BlastRadius>> {
    const freezes = changes.flatMap(({ action, document }) =>
      document.kind === 'Freeze' && action !== 'unchanged' ? [document] : [],
    );
    const counted = await mapLimited(freezes, 4, async ({ spec, metadata: { name } }) => {
      const blast = await this.sources.freezeBlast(project, spec).catch(() => undefined);
      return [name, blast] as const;
    });
    return new Map(counted.flatMap(([name, blast]) => (blast ? [[name, blast] as const] : [])));
  }
}

type Count = Awaited<ReturnType<StoredFleet['counts']>>[number];

/** The targets of an application or an environment, added up. */
function countsFor({ kind, metadata }: { kind: string; metadata: { name: string } }, counts: readonly Count[]) {
  if (kind !== 'Application' && kind !== 'Environment') return {};
  const own = counts.filter(
    (count) => (kind === 'Application' ? count.application : count.environment) === metadata.name,
  );
  const total = { total: 0, sync: {} as Record<string, number>, health: {} as Record<string, number> };
  for (const count of own) {
    total.total += count.total;
    addAll(total.sync, count.sync);
    addAll(total.health, count.health);
  }
  return { counts: total };
}

function addAll(sums: Record<string, number>, numbers: Readonly<Record<string, number>>): void {
  for (const [word, number] of Object.entries(numbers)) sums[word] = (sums[word] ?? 0) + number;
}

/** A project may exist by its documents alone. */
function undeclared(name: string): OperationResponse<typeof listProjects>['items'][number] {
  const metadata = { uid: name, name, project: name, createdAt: '' };
  return { apiVersion: documentApiVersion, kind: 'Project', metadata, spec: {}, status: {} };
}

function missing(title: string): Fault {
  return new Fault({ code: 'not-found', reason: 'DocumentMissing', message: `there is no ${title}` });
}
