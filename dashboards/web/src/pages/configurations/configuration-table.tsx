import { useScope } from '../../app/session-context.ts';
import { Name } from '../../components/name.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { formatCount } from '../../lib/number.ts';
import { chooseZone } from '../../lib/zones.ts';
import type { Configuration } from './use-configurations.ts';
import { useUsageOf } from './use-usage-of.ts';

/** The table of configurations. A row leads to the page of its configuration. */
export function ConfigurationTable({ items }: { readonly items: readonly Configuration[] }) {
  const timeZone = chooseZone(null);
  const canReadUsage = useScope('usage:read');
  const usage = useUsageOf(canReadUsage ? items.map(({ id }) => id) : [], timeZone).data.value;
  return (
    <table class="ranking" aria-label="Token configurations">
      <thead>
        <tr>
          <th scope="col">Configuration</th>
          <th scope="col">State</th>
          <th scope="col" class="seen">
            Last used
          </th>
          <th scope="col" class="count is-minor">
            Today
          </th>
          <th scope="col" class="count">
            Total
          </th>
          <th scope="col" class="seen">
            Created
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, name, enabled, createdAt }) => {
          const used = usage?.get(id);
          return (
            <tr key={id}>
              <th scope="row">
                <span class="row__name">
                  <a class="pick" href={`/configurations/${id}`} title={name}>
                    <Name>{name}</Name>
                  </a>
                </span>
              </th>
              <td>
                <State isEnabled={enabled} />
              </td>
              <td class="seen">{used && <RelativeTime instant={used.lastUsed} timeZone={timeZone} />}</td>
              <td class="count is-minor">{used && formatCount(used.today)}</td>
              <td class="count">{used && formatCount(used.total)}</td>
              <td class="seen">
                <RelativeTime instant={createdAt} timeZone={timeZone} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Whether tokens of a configuration are accepted. */
export function State({ isEnabled }: { readonly isEnabled: boolean }) {
  return (
    <span class="state" data-enabled={isEnabled || undefined}>
      {isEnabled ? 'enabled' : 'disabled'}
    </span>
  );
}
