import { render } from 'preact';
import { App } from './app/app.tsx';
import { reloadAfterBuild } from './app/reload-after-build.ts';

reloadAfterBuild();

const root = document.getElementById('app');
if (root) render(<App />, root);
