import { useState } from 'preact/hooks';
import { useScope } from '../../app/session-context.ts';
import { Card } from '../../components/card.tsx';
import { Name } from '../../components/name.tsx';
import { ConfirmDialog } from '../../components/overlays/confirm-dialog.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { Empty, QueryView, SkeletonRows } from '../../components/states.tsx';
import { Status, type StatusKind } from '../../components/status.tsx';
import type { Query } from '../../data/query.ts';
import { announce } from '../../lib/announce.ts';
import { plural } from '../../lib/number.ts';
import { type Gateway, type GatewayList, retire } from './use-operations.ts';

const KINDS: Readonly<Record<string, StatusKind>> = { live: 'good', gone: 'bad', retired: 'idle' };

interface GatewaysCardProps {
  readonly gateways: Query<GatewayList>;
  readonly timeZone: string;
}

/** The card that lists the gateways that can have unstored sessions, each with a button to retire it. */
export function GatewaysCard({ gateways, timeZone }: GatewaysCardProps) {
  const [retiring, setRetiring] = useState<Gateway>();
  const canWrite = useScope('ops:write');
  return (
    <Card
      id="gateways"
      title="Gateways"
      hint="The oldest one decides how far all numbers are complete"
      class="list"
    >
      <QueryView query={gateways} skeleton={<SkeletonRows count={3} />}>
        {(list) =>
          list.gateways.length === 0 ? (
            <Empty>
              <p>
                This process is the only gateway. Its journal reports directly how far sessions are stored.
              </p>
            </Empty>
          ) : (
            <GatewayTable
              items={list.gateways}
              timeZone={timeZone}
              {...(canWrite && { onRetire: setRetiring })}
            />
          )
        }
      </QueryView>
      {retiring && (
        <RetireDialog
          gateway={retiring}
          onClose={() => {
            setRetiring(undefined);
            gateways.reload();
          }}
        />
      )}
    </Card>
  );
}

interface GatewayTableProps {
  readonly items: readonly Gateway[];
  readonly timeZone: string;
  /** Undefined if the API token has no permission to retire gateways. */
  readonly onRetire?: (gateway: Gateway) => void;
}

function GatewayTable({ items, timeZone, onRetire }: GatewayTableProps) {
  return (
    <table class="ranking" aria-label="Gateways">
      <thead>
        <tr>
          <th scope="col">Gateway</th>
          <th scope="col">State</th>
          <th scope="col">Complete through</th>
          {onRetire && (
            <th scope="col">
              <span class="visually-hidden">Action</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {items.map((gateway) => (
          <tr key={gateway.producer}>
            <th scope="row">
              <Name class="row__text">{gateway.gateway ?? 'not registered'}</Name>
              <code class="row__id">{gateway.producer}</code>
            </th>
            <td>
              <Status kind={KINDS[gateway.state] ?? 'warn'}>{gateway.state}</Status>
            </td>
            <td class="muted">
              {gateway.completeThrough === null ? (
                'not known'
              ) : (
                <RelativeTime instant={gateway.completeThrough} timeZone={timeZone} />
              )}
            </td>
            {onRetire && (
              <td>
                {gateway.state !== 'live' && gateway.state !== 'retired' && (
                  <button type="button" class="button button--small" onClick={() => onRetire(gateway)}>
                    Retire
                  </button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RetireDialogProps {
  readonly gateway: Gateway;
  readonly onClose: () => void;
}

function RetireDialog({ gateway, onClose }: RetireDialogProps) {
  async function confirm(): Promise<void> {
    const retired = await retire({ name: gateway.producer });
    announce(`${plural(retired.length, 'producer')} retired.`);
    onClose();
  }
  return (
    <ConfirmDialog title="Retire gateway" submit="Retire" isDangerous action={confirm} onClose={onClose}>
      <p>
        The numbers no longer wait for <Name>{gateway.gateway ?? gateway.producer}</Name>. Sessions that are
        only in its journal are missing until it returns. They are then stored and counted.
      </p>
    </ConfirmDialog>
  );
}
