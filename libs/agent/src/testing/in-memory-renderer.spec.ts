import { expect, it } from 'vitest';
import { InMemoryRenderer } from './in-memory-renderer.ts';
import { rendererCases } from './renderer-cases.ts';

it.each(rendererCases)('$what', ({ run }) => expect(run(new InMemoryRenderer())).resolves.toBeUndefined());
