/** Makes screen readers announce a message. Do not use it for numbers that change every second. */
export function announce(message: string): void {
  const announcer = document.getElementById('announcer');
  if (announcer && announcer.textContent !== message) announcer.textContent = message;
}
