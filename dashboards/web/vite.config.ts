import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * Does not inline assets, because the server's Content-Security-Policy allows only files from its own origin.
 */
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
