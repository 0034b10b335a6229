interface DialogFootProps {
  /** Text of the button that submits the form. */
  readonly submit: string;
  readonly isPending: boolean;
  readonly isDangerous?: boolean;
  readonly onCancel: () => void;
}

/** The buttons of a form in a dialog. */
export function DialogFoot({ submit, isPending, isDangerous = false, onCancel }: DialogFootProps) {
  return (
    <div class="dialog__foot">
      <button type="button" class="button" onClick={onCancel}>
        Cancel
      </button>
      <button
        type="submit"
        class={`button button--${isDangerous ? 'danger' : 'primary'}`}
        disabled={isPending}
      >
        {submit}
      </button>
    </div>
  );
}
