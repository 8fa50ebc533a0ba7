import { Button, Kbd, NativeSelect, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import type { TargetView } from '@flotilla/contracts';
import { healthStatuses, syncStatuses } from '@flotilla/model';
import { visibleText } from '../text/visible-text.ts';
import type { TargetSearch } from './target-search.ts';
import styles from './targets.module.css';

interface TargetFilterProps {
  readonly search: TargetSearch;
  readonly targets: readonly TargetView[];
  /** In the order in which they are offered. */
  readonly environments: readonly string[];
}

/** The filter of the list. It changes the address and nothing else; `/` leads to it. */
export function TargetFilter({ search, targets, environments }: TargetFilterProps) {
  const navigate = useNavigate({ from: '/targets' });
  const input = useRef<HTMLInputElement>(null);
  const choose = (part: TargetSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  // What is being typed, until the field is left: the router writes addresses with low priority, and a field that
  // waited for it would lose letters.
  const [draft, setDraft] = useState<string>();
  const write = (text: string) => {
    setDraft(text);
    choose({ text: text || undefined });
  };
  const places = useMemo(() => placesOf(targets), [targets]);
  useHotkeys([['/', () => input.current?.focus()]]);
  const select = (part: keyof TargetSearch, label: string, options: readonly string[]) => (
    <NativeSelect
      label={label}
      size="xs"
      value={search[part] ?? ''}
      data={[{ value: '', label: 'all' }, ...options.map((value) => ({ value, label: visibleText(value) }))]}
      onChange={(event) => choose({ [part]: event.currentTarget.value || undefined })}
    />
  );
  return (
    <search className={styles.filter}>
      <TextInput
        ref={input}
        label="Name contains"
        size="xs"
        value={draft ?? search.text ?? ''}
        onChange={(event) => write(event.currentTarget.value)}
        onBlur={() => setDraft(undefined)}
        rightSection={<Kbd size="xs">/</Kbd>}
        spellCheck={false}
      />
      {select('application', 'Application', places.applications)}
      {select('environment', 'Environment', environments)}
      {select('cluster', 'Cluster', places.clusters)}
      {select('sync', 'Sync', syncStatuses)}
      {select('health', 'Health', healthStatuses)}
      <Button
        size="xs"
        variant="default"
        disabled={Object.keys(search).length === 0}
        onClick={() => void navigate({ search: {} })}
      >
        Clear
      </Button>
    </search>
  );
}

function placesOf(targets: readonly TargetView[]) {
  const distinct = (part: 'application' | 'cluster') => [...new Set(targets.map(({ spec }) => spec[part]))].toSorted();
  return { applications: distinct('application'), clusters: distinct('cluster') };
}
