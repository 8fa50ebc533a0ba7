import { join } from 'node:path';
import type { RenderCache } from '@flotilla/agent';
import { InstalledPrograms } from '@flotilla/workload-render';
import { DiskRenderCache } from './disk-render-cache.ts';
import { MemoryRenderCache } from './memory-render-cache.ts';
import { ProgramRenderer } from './program-renderer.ts';
import type { AgentSettings } from './settings.ts';
import { agentVersion } from './version.ts';

/** Enough for what a thousand applications render to, and little enough for the folder that a chart gives an agent. */
const cacheBytesMax = { disk: 128 * 1024 * 1024, memory: 16 * 1024 * 1024 };

/** What renders here, and where what took a program is kept. */
export function openRenderer(settings: AgentSettings): { renderer: ProgramRenderer; renderCache: RenderCache } {
  const { HELM_BIN: helm, KUSTOMIZE_BIN: kustomize, PATH: path, CACHE_DIRECTORY: directory } = settings;
  const renderer = new ProgramRenderer(new InstalledPrograms({ configured: { helm, kustomize }, path }), agentVersion);
  const renderCache = directory
    ? new DiskRenderCache({ directory: join(directory, 'renders'), bytesMax: cacheBytesMax.disk })
    : new MemoryRenderCache(cacheBytesMax.memory);
  return { renderer, renderCache };
}
