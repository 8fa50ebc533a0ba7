import { Button, Paper, PasswordInput, Text, Title } from '@mantine/core';
import { useId, useState, type SubmitEvent } from 'react';
import { ProblemNote } from '../notes/problem-note.tsx';
import { checkToken } from './check-token.ts';
import styles from './sign-in.module.css';

interface SignInProps {
  readonly fetch: typeof globalThis.fetch;
  /** Why somebody who was in has to sign in again. */
  readonly problem: string | undefined;
  readonly onToken: (token: string) => void;
}

/** The way in: an API token, tried before it is kept. */
export function SignIn({ fetch, problem: problemBefore, onToken }: SignInProps) {
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState(problemBefore);
  const [trying, setTrying] = useState(false);
  const explanation = useId();

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTrying(true);
    const outcome = await checkToken(token.trim(), fetch);
    setTrying(false);
    if (outcome.ok) onToken(outcome.value);
    else setProblem(outcome.reason);
  };

  return (
    <main className={styles.page}>
      <title>Sign in · Flotilla</title>
      <Paper component="form" className={styles.card} withBorder onSubmit={(event) => void submit(event)}>
        <Title order={1} size="h3">
          Flotilla
        </Title>
        <Text id={explanation} size="sm">
          Sign in with an API token: an administrator gives you one, and the demo prints one when it is up. It is kept
          in this tab only and forgotten when the tab is closed.
        </Text>
        <PasswordInput
          label="API token"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          aria-describedby={explanation}
          autoComplete="off"
          spellCheck={false}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- there is nothing else to do on this page
          autoFocus
          required
          withAsterisk={false}
        />
        {problem && <ProblemNote problem={problem} />}
        <Button type="submit" loading={trying}>
          Sign in
        </Button>
      </Paper>
    </main>
  );
}
