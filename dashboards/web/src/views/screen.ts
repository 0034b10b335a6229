/** What fills the window: signing in, the dashboard, or waiting for the server. */
export interface Screen {
  readonly element: HTMLElement;
  /** Puts the focus where a keyboard or a screen reader starts from. */
  readonly focus: () => void;
  readonly close: () => void;
}
