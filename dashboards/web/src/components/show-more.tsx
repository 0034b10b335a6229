/** The button below a list that has further items. */
export function ShowMore({ onClick }: { readonly onClick: () => void }) {
  return (
    <div class="list__foot">
      <button type="button" class="button" onClick={onClick}>
        Show more
      </button>
    </div>
  );
}
