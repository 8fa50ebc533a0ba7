/** What a test runner calls before and after the tests of whoever hands these over: nothing here knows the runner. */
export interface SpecHooks {
  readonly beforeAll: Hook;
  readonly afterEach: Hook;
  readonly afterAll: Hook;
}

type Hook = (run: () => Promise<void>) => void;
