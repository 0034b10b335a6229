import type { FastifyRequest } from 'fastify';
import { requireKnownOrganisation } from '../../../access/api-tokens/api-token-creation.ts';
import { requireOrganisation } from '../../../access/api-tokens/api-token-rules.ts';
import { clearSubjectTargets } from '../../../access/audit/subject-targets.ts';
import type { Organisations } from '../../../access/organisations/organisations.ts';
import { principalOf } from '../../../access/principal/principal.ts';
import { homeOrganisationOf, organisationOf } from '../../../access/request-organisation.ts';
import { createPseudonymiser } from '../../../gateway/exchange/pseudonym.ts';
import { createSharedSealing } from '../../../gateway/sessions/sealed/shared-sealing.ts';
import { createSubjectClaims } from '../../../gateway/sessions/sealed/subject-claims.ts';
import type { JournalReader } from '../../../journal/log/journal.ts';
import { createPeriodicTask } from '../../../platform/background/periodic-task.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Sealer } from '../../../platform/crypto/sealing.ts';
import type { Failpoint } from '../../../platform/failpoints.ts';
import type { RegisterRoutes } from '../../../platform/http/routes/register-routes.ts';
import type { Component } from '../../../platform/lifecycle.ts';
import type { Logger } from '../../../platform/logger.ts';
import { addGauge, type Metrics } from '../../../platform/metrics.ts';
import { dayMs } from '../../../platform/settings/setting-types.ts';
import type { ControlStore } from '../../../platform/sql/control-store.ts';
import { loadSharedKeys } from '../../../platform/sql/shared-keys.ts';
import { deleteSubjectEntries } from '../../../tokens/subject-entries.ts';
import type { Tokens } from '../../../tokens/tokens.ts';
import { createStartRun } from '../../../usage/maintenance-runs.ts';
import { createForgetRequests, type ForgetRequests } from '../../../usage/viewers/forget-requests.ts';
import { createForgetViewer, type ForgetViewer } from '../../../usage/viewers/forget-viewer.ts';
import { createReplacementJob, type ReplacementJob } from '../../../usage/viewers/replacement-job.ts';
import type { TraceConfig } from '../../../usage/viewers/trace-times.ts';
import { createViewerRoutes } from '../../../usage/viewers/viewer-routes.ts';
import type { Config } from '../../config.ts';
import type { ControlTables } from '../../declared.ts';
import type { ClickHouse } from '../../stores/clickhouse.ts';

export type ViewersConfig = Pick<
  Config,
  'forgetInterval' | 'journalKeep' | 'kafkaRetention' | 'kafkaBrokers' | 'clickhouseUrl'
>;

export interface ViewersDeps {
  readonly control: ControlStore<ControlTables>;
  readonly sealer: Sealer;
  readonly organisations: Pick<Organisations, 'viewerKeyOf'>;
  readonly tokens: { readonly revocations: Pick<Tokens['revocations'], 'reload'> };
  readonly viewerStore: ClickHouse['viewerStore'];
  /** Journal of this process. Undefined for a role without a journal. */
  readonly journal: Pick<JournalReader, 'read'> | undefined;
  readonly completeThroughMs: () => number | undefined;
  readonly failpoint: Failpoint;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface ViewersPart {
  readonly routes: RegisterRoutes;
  readonly component: Component;
}

const everyMs = 2000;
/**
 * Default of Kafka's `segment.ms`. Kafka deletes only whole segments, so an event can stay in the topic this much longer
 * than the retention of the topic.
 */
const segmentMs = 7 * dayMs;

/** Creates the routes that forget viewers, and the job that replaces their pseudonyms. */
export async function createViewersPart(config: ViewersConfig, deps: ViewersDeps): Promise<ViewersPart> {
  const { control, sealer, viewerStore, journal, clock, logger, metrics } = deps;
  const times = traceTimes(config);
  const requests = createForgetRequests(control, sealer);
  const job = createReplacementJob(times, {
    ...{ requests, startRun: createStartRun(control), store: viewerStore, clock, logger },
    failpoint: deps.failpoint,
    completeThroughMs: deps.completeThroughMs,
    oldestEventMs: () => journal?.read(0, 1)[0]?.timeMs,
  });
  addGauges(metrics, job);
  return {
    routes: createViewerRoutes({
      ...{ requests, times, organisationOf, organisationOfViewer },
      forget: await createForget(requests, deps),
    }),
    component: createPeriodicTask('forgotten viewers', everyMs, job.run, logger),
  };
}

/**
 * Returns how long the event of a stored session can stay in journals and Kafka topics. A journal keeps an event for
 * JOURNAL_KEEP after sending it, and for JOURNAL_KEEP again after a restart of the gateway. Until then, a rewind can send
 * the event to Kafka again.
 */
function traceTimes({ forgetInterval, journalKeep, kafkaRetention, ...config }: ViewersConfig): TraceConfig {
  const isDirect = config.kafkaBrokers === undefined && config.clickhouseUrl === undefined;
  const keepMs = isDirect ? journalKeep : 2 * journalKeep + kafkaRetention + segmentMs;
  return { keepMs, intervalMs: forgetInterval };
}

async function createForget(requests: ForgetRequests, deps: ViewersDeps): Promise<ForgetViewer> {
  const { control, sealer, organisations, tokens, clock } = deps;
  const keys = await loadSharedKeys(control, sealer, 'session-token', clock.nowMs());
  const claims = createSubjectClaims(control, createSharedSealing(keys));
  const pseudonymise = createPseudonymiser(organisations.viewerKeyOf);
  return createForgetViewer({
    clock,
    async pseudonymOf(organisationId, subject) {
      await requireKnownOrganisation(control, organisationId);
      return pseudonymise({ organisationId, isCached: false, claims: { subject } });
    },
    async store(request, subject) {
      const { organisationId } = request;
      const sessionIds = await claims.find(organisationId, subject);
      const deleted = await control.transaction().execute(async (transaction) => {
        const entries = await deleteSubjectEntries(transaction, organisationId, subject);
        const storedClaims = await claims.remove(transaction, sessionIds);
        await clearSubjectTargets(transaction, organisationId, subject);
        await requests.add(transaction, request);
        return { ...entries, storedClaims };
      });
      await tokens.revocations.reload();
      return deleted;
    },
  });
}

function organisationOfViewer(request: FastifyRequest, wanted = homeOrganisationOf(request)): string {
  requireOrganisation(wanted, principalOf(request));
  return wanted;
}

function addGauges({ registry }: Metrics, job: ReplacementJob): void {
  addGauge(
    registry,
    'watmeter_forget_requests_active',
    'Requests to forget viewers whose last trace is not gone yet',
    job.active,
  );
  addGauge(
    registry,
    'watmeter_forget_requests_overdue',
    'Requests to forget viewers whose last trace is not gone at the stated time',
    job.overdue,
  );
}
