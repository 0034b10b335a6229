/**
 * Content of the window: the sign-in form, the dashboard, or the message that the server does not respond.
 */
export interface Screen {
  readonly element: HTMLElement;
  /** Moves the focus to the start of the screen, for keyboards and screen readers. */
  readonly focus: () => void;
  /** Stops the timers and listeners of the screen. */
  readonly close: () => void;
}
