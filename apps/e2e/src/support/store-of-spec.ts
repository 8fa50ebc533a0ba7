import type { SpecHooks } from './spec-hooks.ts';
import { StoreFixture } from './store-fixture.ts';

/** The PostgreSQL of the spec file that asks for it: there before its first test, and gone after its last one. */
export function storeOfSpec({ beforeAll, afterEach, afterAll }: SpecHooks): StoreFixture {
  const fixture = new StoreFixture();
  beforeAll(() => fixture.start());
  afterEach(() => fixture.closeStores());
  afterAll(() => fixture.stop());
  return fixture;
}
