import { Controller, Res } from '@nestjs/common';
import type { Response } from 'express';
import { operations, type OperationResponse } from '@flotilla/contracts';
import { StoredDelivery, StoredFleet, StoredLedger, StoredSources } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { gauge, metricList } from '@flotilla/platform-telemetry';
import { faultOf } from '../http/fault-of.ts';
import { problemOf } from '../http/problem-of.ts';
import { Checked, Serves, type Input } from '../http/serves.ts';
import { eventView } from '../views/delivery-views.ts';
import { pageRequest, viewPage } from '../views/pages.ts';
import { Changes } from './changes.ts';
import { OpenStreams } from './open-streams.ts';
import { sendStream } from './send-stream.ts';
import { SharedPages } from './shared-pages.ts';
import { Turns } from './turns.ts';
import { watch, type ToldEvent } from './watch.ts';
import { watchedNouns } from './watched-nouns.ts';

const { listEvents, listLedgerLines, stream } = operations;

const streams = gauge(metricList.streams);

/** What happened, and what is happening. */
@Controller()
export class EventsController {
  readonly #pages: SharedPages;
  readonly #turns = new Turns();

  constructor(
    readonly ledger: StoredLedger,
    readonly fleet: StoredFleet,
    readonly delivery: StoredDelivery,
    readonly sources: StoredSources,
    private readonly changes: Changes,
    private readonly open: OpenStreams,
  ) {
    this.#pages = new SharedPages(watchedNouns(this));
  }

  @Serves(listEvents)
  async list(@Checked() { params, query }: Input<typeof listEvents>): Promise<OperationResponse<typeof listEvents>> {
    const { since, until } = query;
    const times = { since: since ? new Date(since) : undefined, until: until ? new Date(until) : undefined };
    return viewPage(await this.ledger.events({ ...query, ...params, ...times, page: pageRequest(query) }), eventView);
  }

  @Serves(listLedgerLines)
  async chain(@Checked() { query }: Input<typeof listLedgerLines>): Promise<OperationResponse<typeof listLedgerLines>> {
    const { lines, ...chain } = await this.ledger.chain(query);
    return { ...chain, items: [...lines] };
  }

  @Serves(stream)
  async stream(
    @Checked() { params, query, tokenHash }: Input<typeof stream>,
    @Res() response: Response,
  ): Promise<void> {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    if (response.destroyed) leaving.abort();
    this.open.open(tokenHash, leaving);
    const [{ project }, { kinds }, { signal }] = [params, query, leaving];
    const events = watch({ changes: this.changes, pages: this.#pages, project, kinds, signal });
    const lastWords = (error: unknown): ToldEvent => ({
      type: 'ERROR',
      kind: kinds[0]!,
      json: JSON.stringify(problemOf(faultOf(error))),
    });
    streams.add(1, {});
    try {
      await sendStream(events, response, { clock: systemClock, turns: this.#turns, lastWords });
    } finally {
      // However it ended, nobody listens to its changes any more.
      leaving.abort();
      this.open.close(leaving);
      streams.add(-1, {});
    }
  }
}
