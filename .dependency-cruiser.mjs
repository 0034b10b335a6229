/**
 * The import rules (docs/explanation/architecture.md). `npm run check:imports` and CI enforce them.
 */

/** Returns the rule of a folder that may import only itself and the allowed places. */
function folder(path, allowed) {
  return {
    name: `${path} imports only ${allowed.join(', ') || 'itself'}`,
    severity: 'error',
    from: { path: `^${path}/` },
    to: { path: '^(src|consumers)/', pathNot: [`^${path}/`, ...allowed.map((place) => `^${place}`)] },
  };
}

/**
 * The folders inside a domain, lowest first: each imports only those before it. Where two need not know each other,
 * their order is the one in which a reader meets them.
 */
function layers(domain, ...folders) {
  return folders.map((folder, index) => ({
    name: `${domain}/${folder} imports no folder above it`,
    severity: 'error',
    from: { path: `^${domain}/${folder}/` },
    to: { path: `^${domain}/`, pathNot: `^${domain}/(${folders.slice(0, index + 1).join('|')})/` },
  }));
}

/** A package that only the named files may import. */
function keptIn(name, ...files) {
  return {
    name: `${name} only in ${files.join(', ')}`,
    severity: 'error',
    from: { pathNot: files.map((file) => `^${file}`) },
    to: { path: `node_modules/${name}/` },
  };
}

const journalPort = 'src/journal/log/journal.ts';
/** What a domain declares for others: errors and example values of the ports that their routes call, and scopes. */
const declaredPorts = 'src/[a-z]+/declarations/(errors|examples|scopes)\\.ts';

export default {
  forbidden: [
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no development dependencies',
      severity: 'error',
      // How the browser client is built.
      from: { pathNot: '^src/client/vite\\.config\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    folder('src/platform', []),
    folder('src/events', []),
    folder('src/config', ['src/platform/']),
    folder('src/tokens', ['src/platform/', 'src/events/', declaredPorts]),
    folder('src/journal', ['src/platform/', 'src/events/', declaredPorts]),
    folder('src/usage', ['src/platform/', 'src/events/', declaredPorts]),
    folder('src/access', ['src/platform/', 'src/events/', declaredPorts]),
    folder('src/client', []),
    folder('src/completeness', ['src/platform/', 'src/events/', declaredPorts]),
    folder('src/gateway', ['src/platform/', 'src/events/', 'src/tokens/', journalPort, declaredPorts]),
    folder('consumers', ['src/platform/', 'src/events/', journalPort, declaredPorts]),
    ...layers(
      'src/tokens',
      ...[
        'declarations',
        'jwe',
        'claims',
        'configurations',
        'directory',
        'opening',
        'revocation',
        'validation',
        'issuing',
      ],
    ),
    ...layers('src/gateway', 'declarations', 'sessions', 'exchange', 'links', 'forward-auth'),
    ...layers('src/gateway/sessions', 'sealed'),
    ...layers(
      'src/access',
      'declarations',
      'principal',
      'audit',
      'organisations',
      'api-tokens',
      'sign-in',
      'guard',
    ),
    ...layers('src/journal', 'declarations', 'clock', 'commit', 'log', 'relay'),
    ...layers('src/completeness', 'declarations', 'registry', 'stored'),
    ...layers(
      'src/usage',
      ...[
        'declarations',
        'time',
        'query',
        'rollups',
        'measures',
        'tag-budget',
        'rankings',
        'answers',
        'tables',
        'dormant',
        'explain',
        'live',
        'admission',
        'endpoints',
      ],
    ),
    ...layers('consumers', 'declarations', 'sources', 'dead-letter', 'store', 'sink', 'kafka', 'import'),
    folder('consumers/recovery', [
      ...['consumers/declarations/', 'consumers/sources/', 'consumers/dead-letter/', 'consumers/store/'],
      ...['src/platform/', 'src/events/', journalPort, declaredPorts],
    ]),
    ...layers('consumers/recovery', 'integrity', 'repair'),
    ...layers('consumers/recovery/integrity', 'model', 'store', 'streams', 'findings'),
    ...layers('src/cli', 'output', 'support', 'api', 'session-files', 'actions', 'commands'),
    keptIn('lmdb', 'src/journal/log/store/lmdb-record-log.ts'),
    keptIn('jose', 'src/tokens/issuing/mint.ts', 'src/gateway/forward-auth/assertions.ts'),
    keptIn('luxon', 'src/usage/time/time-windows.ts'),
    keptIn('@clickhouse/client', 'src/platform/clickhouse/client.ts'),
    keptIn('chdb', 'src/platform/clickhouse/client.ts'),
    keptIn('csv-parse', 'src/cli/session-files/read-csv.ts'),
    keptIn('hyparquet', 'src/cli/session-files/read-parquet.ts'),
    keptIn('hyparquet-compressors', 'src/cli/session-files/read-parquet.ts'),
    keptIn('csv-stringify', 'src/platform/http/formats/csv.ts'),
    keptIn('hucre', 'src/platform/http/formats/xlsx.ts'),
    keptIn('libsql', 'src/platform/sql/engines/sqlite.ts', 'src/platform/files/data-directory.ts'),
    keptIn('pg', 'src/platform/sql/engines/postgres.ts'),
    keptIn('kafkajs', 'src/platform/kafka/client.ts'),
    keptIn('pino', 'src/platform/logger.ts'),
    keptIn('prom-client', 'src/platform/metrics.ts'),
    keptIn('uuid', 'src/platform/crypto/uuid.ts'),
    keptIn('commander', 'src/cli/run.ts', 'src/cli/program.ts', 'src/cli/commands/'),
    keptIn('cli-table3', 'src/cli/output/table.ts'),
    {
      name: 'adapters are named only where the parts are put together',
      severity: 'error',
      from: { path: '^(src|consumers)/', pathNot: '^src/(app|cli)/' },
      to: {
        path: [
          'lmdb-record-log\\.ts$',
          'clickhouse-[a-z-]+-store\\.ts$',
          'kafka-(group|target)\\.ts$',
          'sql/engines/(sqlite|postgres)\\.ts$',
        ],
      },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
