import type { ComponentChildren } from 'preact';
import { DialogFoot } from '../forms/dialog-foot.tsx';
import { Form } from '../forms/form.tsx';
import { useAction } from '../forms/use-action.ts';
import { Dialog } from './dialog.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What the action does, and whether it can be undone. */
  readonly children: ComponentChildren;
  /** Text of the button that runs the action. */
  readonly submit: string;
  readonly isDangerous?: boolean;
  /** Runs the action. If it fails, the dialog stays open and shows the reason. */
  readonly action: () => Promise<void>;
  readonly onClose: () => void;
}

/** A dialog that runs an action only after the user confirms it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, submit, isDangerous = false, action, onClose } = props;
  const run = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={() => void run.run(action)}>
        {children}
        <p class="form-field__fault" role="alert">
          {run.fault}
        </p>
        <DialogFoot submit={submit} isPending={run.isPending} isDangerous={isDangerous} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
