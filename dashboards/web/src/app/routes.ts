import type { FunctionComponent } from 'preact';
import { UsagePage } from '../pages/usage/usage-page.tsx';

export interface PageRoute {
  readonly path: string;
  /** Text of the link in the navigation. Pages without it have no link. */
  readonly label?: string;
  /** Scope that the page's requests need. */
  readonly scope: string;
  readonly component: FunctionComponent;
}

/** All pages, in the order of the navigation. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', label: 'Usage', scope: 'usage:read', component: UsagePage },
];
