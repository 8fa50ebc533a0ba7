import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, loadEnv } from 'vite';

const { FLOTILLA_SERVER: server = 'http://127.0.0.1:8080' } = loadEnv('', import.meta.dirname, 'FLOTILLA_');

/** The page. Our own libs are read from their sources; `--mode mock` puts a made-up fleet behind the same page. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  // The gateway allows scripts from files only, so nothing may be put into the page itself.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { host: '127.0.0.1', proxy: { '/api': { target: server, changeOrigin: true } } },
});
