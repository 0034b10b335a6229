import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The server's Content-Security-Policy allows files of its own origin only: nothing may be inlined. */
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
