import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Inlines no assets, because the Content-Security-Policy of the server allows only files from its origin. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: '../../dist/dashboards/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080' } },
});
