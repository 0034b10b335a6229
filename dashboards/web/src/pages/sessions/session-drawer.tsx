import { Fact } from '../../components/fact.tsx';
import { Name } from '../../components/name.tsx';
import { Dialog } from '../../components/overlays/dialog.tsx';
import { formatTime } from '../../lib/time.ts';
import { nameOf } from '../usage/state/known-names.ts';
import type { Change } from '../usage/state/state.ts';
import type { SessionItem } from './use-sessions.ts';

interface SessionDrawerProps {
  readonly session: SessionItem;
  readonly timeZone: string;
  readonly onFilter: (change: Change) => void;
  readonly onClose: () => void;
}

/** What is known of one session. Its configuration and its tags lead to more of the same. */
export function SessionDrawer({ session, timeZone, onFilter, onClose }: SessionDrawerProps) {
  const { id, time, configurationId, tags, viewer, organisationId, producer } = session;
  return (
    <Dialog title="Session" kind="drawer" onClose={onClose}>
      <dl class="facts">
        <Fact term="Time">{formatTime(Date.parse(time), timeZone, 'exact')}</Fact>
        <Fact term="Configuration">
          <button
            type="button"
            class="chip"
            onClick={() => onFilter({ configurationIds: [configurationId] })}
          >
            <span class="visually-hidden">Show only </span>
            <Name class="chip__value">{nameOf(configurationId)}</Name>
          </button>
          <code class="facts__line">{configurationId}</code>
        </Fact>
        <Fact term="Tags">
          {tags.length === 0 && 'no tag'}
          <span class="tag-list">
            {tags.map((tag) => (
              <button
                key={tag}
                type="button"
                class="chip"
                onClick={() => onFilter({ tags: [tag], untagged: false })}
              >
                <span class="visually-hidden">Show only </span>
                <Name class="chip__value">{tag}</Name>
              </button>
            ))}
          </span>
        </Fact>
        <Fact term="Viewer pseudonym">
          <code>{viewer}</code>
        </Fact>
        <Fact term="Session id">
          <code>{id}</code>
        </Fact>
        {organisationId !== undefined && <Fact term="Organisation">{organisationId}</Fact>}
        {producer !== undefined && (
          <Fact term="Producer">
            <code>{producer}</code>
          </Fact>
        )}
      </dl>
    </Dialog>
  );
}
