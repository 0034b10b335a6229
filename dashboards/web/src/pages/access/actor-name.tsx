import { Name } from '../../components/name.tsx';
import { useApiTokens } from './use-access.ts';

const PREFIX = 'api-token:';
const MOST = 500;

/** An actor of the audit log: an API token with a link to its page, or the user of the command line. */
export function ActorName({ actor }: { readonly actor: string }) {
  const names = useActorNames();
  return <ActorLink actor={actor} names={names} />;
}

/** Returns a map from the ids of the newest API tokens to their names. */
export function useActorNames(): ReadonlyMap<string, string> {
  const tokens = useApiTokens(MOST).data.value?.items ?? [];
  return new Map(tokens.map(({ id, name }) => [id, name]));
}

interface ActorLinkProps {
  readonly actor: string;
  readonly names: ReadonlyMap<string, string>;
}

/** The name of an actor. It is a link if the actor is an API token in the list. */
export function ActorLink({ actor, names }: ActorLinkProps) {
  if (!actor.startsWith(PREFIX)) return <Name>{actor}</Name>;
  const id = actor.slice(PREFIX.length);
  const name = names.get(id);
  if (name !== undefined)
    return (
      <a href={`/api-tokens/${id}`}>
        <Name>{name}</Name>
      </a>
    );
  // The list does not contain the administrator token if it comes from the setting ADMIN_TOKEN.
  return id.startsWith('admin-setting-') ? <>ADMIN_TOKEN</> : <code>{id}</code>;
}
