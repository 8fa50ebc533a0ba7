import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostedPullRequest } from '../host/pull-request-host.ts';

/** One answer, as it goes over the wire. */
export interface HostAnswer {
  readonly status: number;
  readonly content: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface KeptRequest {
  readonly branch: string;
  readonly into: string;
  readonly title: string;
  readonly body: string;
  /** Whose branch it is, where that is a fork. */
  readonly fork?: string;
  state: HostedPullRequest['state'];
}

/** The host with what it was asked, what it keeps, and how it goes wrong. `lost`: it did it, and nobody hears of it. */
export interface RecordedHost {
  readonly url: string;
  readonly kept: readonly KeptRequest[];
  readonly asked: readonly string[];
  /** Answers the next requests so, before anything is looked at. */
  fail(answer: HostAnswer | 'cut' | 'lost', times?: number): void;
  decide(state: HostedPullRequest['state']): void;
  /** Somebody outside opens one from a branch of that name in a fork of their own. */
  openFromFork(branches: { readonly branch: string; readonly into: string }): void;
  close(): Promise<void>;
}

/** A host that speaks as the documentation of its API says, on this machine; what it has it keeps. */
export async function startRecordedHost(type: 'github' | 'gitlab', token: string): Promise<RecordedHost> {
  const kept: KeptRequest[] = [];
  const asked: string[] = [];
  const failures: (HostAnswer | 'cut' | 'lost')[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push(`${request.method} ${request.url}`);
      const failure = failures.shift();
      if (failure === 'cut') return response.destroy();
      const isOurs = request.headers.authorization === `Bearer ${token}`;
      const usual = () => (isOurs ? answers[type](kept, { request, body }) : { status: 401, content: {} });
      if (failure === 'lost') {
        usual();
        return response.destroy();
      }
      const { status, content, headers } = failure ?? usual();
      const text = typeof content === 'string' ? content : JSON.stringify(content);
      return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    kept,
    asked,
    fail: (failure, times = 1) => void failures.push(...Array.from({ length: times }, () => failure)),
    decide: (state) => void (kept.at(-1)!.state = state),
    openFromFork: ({ branch, into }) =>
      void kept.push({ branch, into, title: 'mine', body: 'merge me', fork: 'mallory', state: 'open' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

const answers = { github: answerAsGithub, gitlab: answerAsGitlab } as const;

function answerAsGithub(kept: KeptRequest[], { request, body }: Asked): HostAnswer {
  const url = new URL(request.url ?? '', 'http://host');
  if (url.pathname !== '/api/repos/example/shop/pulls') return { status: 404, content: { message: 'Not Found' } };
  const shown = (each: KeptRequest) => ({
    html_url: `https://github.example/example/shop/pull/${kept.indexOf(each) + 1}`,
    state: each.state === 'open' ? 'open' : 'closed',
    merged_at: each.state === 'merged' ? '2026-01-01T00:00:00Z' : null,
    head: { ref: each.branch, repo: { full_name: `${each.fork ?? 'example'}/shop` } },
    base: { ref: each.into, repo: { full_name: 'example/shop' } },
  });
  if (request.method === 'GET') {
    const wanted = (each: KeptRequest) => `example:${each.branch}` === url.searchParams.get('head');
    return { status: 200, content: kept.filter(wanted).toReversed().map(shown) };
  }
  const asked = JSON.parse(body) as { head: string; base: string; title: string; body: string };
  const made = { branch: asked.head, into: asked.base, title: asked.title, body: asked.body };
  const isThere = kept.some(
    ({ branch, into, fork, state }) => branch === made.branch && into === made.into && !fork && state === 'open',
  );
  const message = `A pull request already exists for example:${made.branch}.`;
  if (isThere) return { status: 422, content: { message: 'Validation Failed', errors: [{ message }] } };
  kept.push({ ...made, state: 'open' });
  return { status: 201, content: shown(kept.at(-1)!) };
}

function answerAsGitlab(kept: KeptRequest[], { request, body }: Asked): HostAnswer {
  const url = new URL(request.url ?? '', 'http://host');
  const isThere = url.pathname === '/api/projects/example%2Fshop/merge_requests';
  if (!isThere) return { status: 404, content: { message: '404 Project Not Found' } };
  const shown = (each: KeptRequest) => ({
    web_url: `https://gitlab.example/example/shop/-/merge_requests/${kept.indexOf(each) + 1}`,
    state: each.state === 'open' ? 'opened' : each.state,
    source_branch: each.branch,
    target_branch: each.into,
    source_project_id: each.fork ? 2 : 1,
    target_project_id: 1,
  });
  if (request.method === 'GET') {
    const wanted = (each: KeptRequest) => each.branch === url.searchParams.get('source_branch');
    return { status: 200, content: kept.filter(wanted).toReversed().map(shown) };
  }
  const asked = JSON.parse(body) as Record<'source_branch' | 'target_branch' | 'title' | 'description', string>;
  const made = { branch: asked.source_branch, into: asked.target_branch, title: asked.title, body: asked.description };
  const open = kept.find(
    ({ branch, into, fork, state }) => branch === made.branch && into === made.into && !fork && state === 'open',
  );
  const message = ['Another open merge request already exists for this source branch: !1'];
  if (open) return { status: 409, content: { message } };
  kept.push({ ...made, state: 'open' });
  return { status: 201, content: shown(kept.at(-1)!) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
