import { describe, expect, it } from 'vitest';
import { gitFault } from '../git-faults.ts';
import { gitLimits } from '../git-limits.ts';
import { gitObject, type GitObject } from '../objects/git-object.ts';
import { PullBudget } from '../pack/pull-budget.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { MergedFetches } from './merged-fetches.ts';
import type { FetchContext, FetchRequest } from './object-source.ts';

const blob = (text: string): GitObject => gitObject('blob', Buffer.from(text));

describe('pulls side by side', () => {
  it('send the same request once', async () => {
    const { merged, sent, answerAll } = world();
    const request = { wants: ['c'], filter: 'tree:1', tipOnly: true } as const;
    const fetches = Array.from({ length: 10 }, () => merged.fetch(request, context()));
    await answerAll();
    expect(await Promise.all(fetches)).toEqual(Array.from({ length: 10 }, () => [blob('c')]));
    expect(sent).toEqual([request]);
    void merged.fetch(request, context());
    expect(sent).toHaveLength(2);
    await answerAll();
  });

  it('gather single objects into few requests while others run', async () => {
    const { merged, sent, answerAll } = world();
    const fetches = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((want) => merged.fetch({ wants: [want] }, context()));
    const directory = merged.fetch({ wants: ['t'], filter: 'tree:0' }, context());
    await answerAll();
    expect(await Promise.all([fetches[0], fetches[6], directory])).toEqual([
      ['a', 'b', 'c', 'd'].map(blob),
      ['e', 'f', 'g'].map(blob),
      [blob('t')],
    ]);
    expect(sent).toEqual([
      { wants: ['a', 'b', 'c', 'd'] },
      { wants: ['e', 'f', 'g'] },
      { wants: ['t'], filter: 'tree:0' },
    ]);
  });

  it('run no more than a few requests at once', async () => {
    const { merged, sent, answerAll } = world();
    const fetches = ['a', 'b', 'c'].map((want) => merged.fetch({ wants: [want], tipOnly: true }, context()));
    await Promise.resolve();
    expect(sent).toHaveLength(2);
    await answerAll();
    expect(await Promise.all(fetches)).toHaveLength(3);
  });

  it('find what came along with a change of their neighbour', async () => {
    const { merged, sent, answerAll } = world();
    const change = merged.fetch({ wants: ['c', 'neighbour'], have: 'b', tipOnly: true }, context());
    await answerAll();
    await change;
    expect(await merged.find(blob('neighbour').oid)).toMatchObject({ oid: blob('neighbour').oid });
    expect(await merged.find(blob('stranger').oid)).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  it('AT-21 are not harmed by what another one asked for', async () => {
    const { merged, answerAll } = world((request) => {
      if (request.wants.includes('bomb')) throw gitFault('GitObjectTooLarge', { message: 'too large' });
    });
    const good = merged.fetch({ wants: ['good'] }, context());
    const bad = faultOf(merged.fetch({ wants: ['bomb'] }, context()));
    await answerAll();
    expect([await good, (await bad).reason]).toEqual([[blob('good')], 'GitObjectTooLarge']);
  });

  it('are not cancelled with another one', async () => {
    let calls = 0;
    const { merged, answerAll } = world(() => {
      if (++calls === 1) throw gitFault('GitCancelled', { message: 'cancelled' });
    });
    const leaving = faultOf(merged.fetch({ wants: ['a'], tipOnly: true }, context(AbortSignal.abort())));
    const staying = merged.fetch({ wants: ['a'], tipOnly: true }, context());
    await answerAll();
    expect([(await leaving).reason, await staying]).toEqual(['GitCancelled', [blob('a')]]);
  });

  it('all fail with a host that fails, without asking it again', async () => {
    const { merged, sent, answerAll } = world(() => {
      throw gitFault('GitHostFailed', { message: 'failed' });
    });
    const fetches = [1, 2, 3].map(() => faultOf(merged.fetch({ wants: ['a'] }, context())));
    await answerAll();
    expect((await Promise.all(fetches)).map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'GitHostFailed'),
    );
    expect(sent).toHaveLength(1);
  });
});

/** A source that answers with a blob for each want, when it is told to. */
function world(judge: (request: FetchRequest) => void = () => undefined) {
  const sent: FetchRequest[] = [];
  const waiting: (() => void)[] = [];
  const merged = new MergedFetches({
    source: {
      fetch: async (request) => {
        sent.push(request);
        await new Promise<void>((resolve) => waiting.push(resolve));
        judge(request);
        return request.wants.map(blob);
      },
    },
    runningMax: 2,
    wantsMax: 4,
    companyBytesMax: 10_000,
  });
  const answerAll = async () => {
    for (let turn = 0; turn < 20; turn++) {
      for (const answer of waiting.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { merged, sent, answerAll };
}

function context(signal: AbortSignal = new AbortController().signal): FetchContext {
  return { budget: new PullBudget(gitLimits), objectsMax: 100, findHeld: async () => undefined, signal };
}
