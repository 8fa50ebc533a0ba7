import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { controlVerbs, type ControlResponse } from '@flotilla/contracts';
import { promotionChanges, rollbackChanges, tellChanges, type DistinctChange } from '@flotilla/control-delivery';
import { RollbackStore, StoredAgents } from '@flotilla/control-store';
import { Fault, systemIds } from '@flotilla/foundation';
import type { DesiredEntry } from '@flotilla/model';
import { AnswersVerb, VerbRequest } from '@flotilla/platform-bus/nest';
import { orderDiffView, type AgentsWord } from './order-diff-view.ts';
import { Questions } from './questions.ts';

const { diffPromotion, diffRollback } = controlVerbs;

/** Whoever asks for it waits for it: an agent that has not said it by then is named as silent. */
const patienceMs = 6_000;

/** What orders would change in clusters, as agents say it. */
@Controller()
export class OrderDiffsController {
  constructor(
    private readonly record: RollbackStore,
    private readonly agents: StoredAgents,
    private readonly questions: Questions,
  ) {}

  @AnswersVerb(diffRollback)
  async ofRollback(
    @VerbRequest(diffRollback) order: z.output<typeof diffRollback.request>,
  ): Promise<ControlResponse<typeof diffRollback>> {
    return this.#told(await rollbackChanges({ record: this.record, ids: systemIds }, order));
  }

  @AnswersVerb(diffPromotion)
  async ofPromotion(
    @VerbRequest(diffPromotion) order: z.output<typeof diffPromotion.request>,
  ): Promise<ControlResponse<typeof diffPromotion>> {
    return this.#told(await promotionChanges({ record: this.record, ids: systemIds }, order));
  }

  async #told(changes: readonly DistinctChange[]) {
    const ask = (cluster: string, entry: DesiredEntry) => this.#ask(cluster, entry);
    return orderDiffView(await tellChanges(changes, { agents: this.agents, ask }));
  }

  async #ask(cluster: string, entry: DesiredEntry): Promise<AgentsWord> {
    const { diff, warnings, problem } = await this.questions.ask(cluster, { kind: 'preview', entry }, patienceMs);
    if (!diff) throw new Fault({ code: 'unavailable', reason: 'AgentProblem', message: problem ?? 'it said nothing' });
    return { objects: diff, warnings: warnings ?? [] };
  }
}
