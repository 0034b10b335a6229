import type { FunctionComponent } from 'preact';
import lazy from 'preact-iso/lazy';
import { UsagePage } from '../pages/usage/usage-page.tsx';

export interface PageRoute {
  readonly path: string;
  /** Name of the page in the navigation and in the command palette. A page without a label has no link there. */
  readonly label?: string;
  /** Section of the navigation. The pages of a section share one navigation link, and tabs link them to each other. */
  readonly section?: string;
  /** Scope that the page's requests need. */
  readonly scope: string;
  /** Search words of the page in the command palette, in addition to its label. */
  readonly keywords?: string;
  readonly component: FunctionComponent;
}

const SessionsPage = lazy(async () => (await import('../pages/sessions/sessions-page.tsx')).SessionsPage);
const ConfigurationsPage = lazy(
  async () => (await import('../pages/configurations/configurations-page.tsx')).ConfigurationsPage,
);
const ConfigurationPage = lazy(
  async () => (await import('../pages/configurations/configuration-page.tsx')).ConfigurationPage,
);
const UnusedPage = lazy(async () => (await import('../pages/unused/unused-page.tsx')).UnusedPage);
const NewTokenPage = lazy(async () => (await import('../pages/tokens/new-token-page.tsx')).NewTokenPage);
const TestTokenPage = lazy(async () => (await import('../pages/tokens/test-token-page.tsx')).TestTokenPage);
const ApiTokensPage = lazy(async () => (await import('../pages/access/api-tokens-page.tsx')).ApiTokensPage);
const ApiTokenPage = lazy(async () => (await import('../pages/access/api-token-page.tsx')).ApiTokenPage);
const OrganisationsPage = lazy(
  async () => (await import('../pages/access/organisations-page.tsx')).OrganisationsPage,
);
const AuditPage = lazy(async () => (await import('../pages/access/audit-page.tsx')).AuditPage);
const OperationsPage = lazy(
  async () => (await import('../pages/operations/operations-page.tsx')).OperationsPage,
);

/** All pages, in the order of the navigation. Code of other pages than the first loads on the first visit. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', label: 'Usage', scope: 'usage:read', component: UsagePage },
  { path: '/sessions', label: 'Sessions', scope: 'usage:read', component: SessionsPage },
  {
    path: '/configurations',
    label: 'Configurations',
    section: 'Configurations',
    scope: 'tokens:read',
    component: ConfigurationsPage,
  },
  {
    path: '/unused',
    label: 'Unused',
    section: 'Configurations',
    scope: 'usage:read',
    keywords: 'dormant never forgotten',
    component: UnusedPage,
  },
  { path: '/configurations/:id', scope: 'tokens:read', component: ConfigurationPage },
  {
    path: '/tokens/new',
    label: 'Create token',
    section: 'Tokens',
    scope: 'tokens:write',
    keywords: 'new generate link',
    component: NewTokenPage,
  },
  {
    path: '/tokens/test',
    label: 'Test token',
    section: 'Tokens',
    scope: 'tokens:read',
    keywords: 'check decrypt findings broken link',
    component: TestTokenPage,
  },
  {
    path: '/operations',
    label: 'Operations',
    scope: 'ops',
    keywords: 'complete health integrity gateways dead letters refusals metrics',
    component: OperationsPage,
  },
  {
    path: '/api-tokens',
    label: 'API tokens',
    section: 'Access',
    scope: 'admin',
    keywords: 'access secret revoke scopes who created',
    component: ApiTokensPage,
  },
  { path: '/api-tokens/:id', scope: 'admin', component: ApiTokenPage },
  {
    path: '/organisations',
    label: 'Organisations',
    section: 'Access',
    scope: 'admin',
    keywords: 'tenants',
    component: OrganisationsPage,
  },
  {
    path: '/audit',
    label: 'Audit log',
    section: 'Access',
    scope: 'admin',
    keywords: 'who created changed deleted',
    component: AuditPage,
  },
];

/** A navigation link to the first page of a section. */
export interface Section {
  readonly label: string;
  readonly pages: readonly PageRoute[];
}

/** Returns the navigation links to the pages that an API token has access to. */
export function sectionsOf(routes: readonly PageRoute[]): Section[] {
  const sections = new Map<string, PageRoute[]>();
  for (const route of routes) {
    const label = route.section ?? route.label;
    if (label === undefined) continue;
    sections.set(label, [...(sections.get(label) ?? []), route]);
  }
  return [...sections].map(([label, pages]) => ({ label, pages }));
}

/** Returns whether an address is that of a page, or of a page below it. */
export function isPageOf(pagePath: string, path: string): boolean {
  return pagePath === '/' ? path === '/' : path === pagePath || path.startsWith(`${pagePath}/`);
}
