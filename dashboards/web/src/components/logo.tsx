/** The logo: a W whose last stroke is the needle of a meter. public/favicon.svg has the same drawing. */
export function Logo() {
  return (
    <span class="logo">
      <svg class="logo__mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
        <rect class="logo__plate" width="32" height="32" rx="8" />
        <path class="logo__arc" d="M6.6 13.2a10.6 10.6 0 0 1 13.2-7" />
        <path class="logo__letter" d="M7.5 15.5 11.8 25l4.6-8.6L20.5 25" />
        <path class="logo__needle" d="M20.5 25 26 8.5" />
      </svg>
      <span class="logo__name">watmeter</span>
    </span>
  );
}
