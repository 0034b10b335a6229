import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Builds a single module without imports, which a page can load directly. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  build: {
    outDir: '../../dist/client',
    emptyOutDir: false,
    lib: { entry: 'index.ts', formats: ['es'], fileName: 'index' },
    target: 'es2022',
    minify: true,
  },
});
