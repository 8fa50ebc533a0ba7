import { Button, NativeSelect, TextInput } from '@mantine/core';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo, useState, type SubmitEvent } from 'react';
import { useLive } from '../../live/live-context.tsx';
import { LoadingRows } from '../../notes/loading-rows.tsx';
import { ProblemNote } from '../../notes/problem-note.tsx';
import { Section } from '../../notes/section.tsx';
import { visibleText } from '../../text/visible-text.ts';
import { goalDefault, type RollbackSearch } from '../rollback-search.ts';
import styles from '../rollbacks.module.css';
import { Preview } from './preview.tsx';
import { questionOf } from './rollback-question.ts';
import { usePreview } from './use-preview.ts';

const route = getRouteApi('/rollbacks');

/** What would go back, and to what: the answer says whom it touches, and gives the command. It changes nothing. */
export function RollbackQuestionForm() {
  const search = route.useSearch();
  const question = useMemo(() => questionOf(search), [search]);
  const { preview, problem, asking, ask } = usePreview(question.ok ? question.value : undefined);
  const [missing, setMissing] = useState<string>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setMissing(question.ok ? undefined : question.reason);
    if (question.ok) ask();
  };
  return (
    <Section title="Go back">
      <form className={styles.form} onSubmit={submit}>
        <Choices search={search} />
        <Button type="submit" size="xs" variant="default" loading={asking}>
          Show what it would do
        </Button>
      </form>
      {missing && !question.ok && <ProblemNote problem={missing} />}
      {problem && <ProblemNote problem={problem} />}
      {asking && !preview && <LoadingRows what="what it would do" rows={3} />}
      {preview && question.ok && <Preview question={question.value} preview={preview} />}
    </Section>
  );
}

/** Each part narrows the others; what is left out means any. */
function Choices({ search }: { readonly search: RollbackSearch }) {
  const navigate = useNavigate({ from: '/rollbacks' });
  const choose = (part: RollbackSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const places = usePlaces();
  const select = (part: 'application' | 'environment' | 'cluster', label: string) => (
    <NativeSelect
      label={label}
      size="xs"
      value={search[part] ?? ''}
      data={[{ value: '', label: 'any' }, ...withChosen(places[part], search[part])]}
      onChange={(event) => choose({ [part]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <>
      {select('application', 'Application')}
      {select('environment', 'Environment')}
      {select('cluster', 'Cluster')}
      <Words label="Labels of clusters" text={search.selector} onText={(selector) => choose({ selector })} />
      <Words label="Source digest" text={search.digest} onText={(digest) => choose({ digest })} />
      <Words label="Back to" text={search.to} placeholder={goalDefault} onText={(to) => choose({ to })} />
    </>
  );
}

interface WordsProps {
  readonly label: string;
  readonly text: string | undefined;
  readonly placeholder?: string;
  readonly onText: (text: string | undefined) => void;
}

/** What is being typed is kept until the field is left: the router writes addresses with low priority. */
function Words({ label, text, placeholder, onText }: WordsProps) {
  const [draft, setDraft] = useState<string>();
  return (
    <TextInput
      label={label}
      size="xs"
      value={draft ?? text ?? ''}
      placeholder={placeholder}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        onText(event.currentTarget.value || undefined);
      }}
      onBlur={() => setDraft(undefined)}
      spellCheck={false}
      autoComplete="off"
    />
  );
}

function usePlaces(): Readonly<Record<'application' | 'environment' | 'cluster', readonly string[]>> {
  const { items } = useLive('target');
  return useMemo(() => {
    const specs = [...items.values()].map(({ spec }) => spec);
    const distinct = (part: 'application' | 'environment' | 'cluster') =>
      [...new Set(specs.map((spec) => spec[part]))].toSorted();
    return {
      application: distinct('application'),
      environment: distinct('environment'),
      cluster: distinct('cluster'),
    };
  }, [items]);
}

/** What an address names is offered even where nothing runs there. */
function withChosen(names: readonly string[], chosen: string | undefined) {
  const all = chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
  return all.map((value) => ({ value, label: visibleText(value) }));
}
