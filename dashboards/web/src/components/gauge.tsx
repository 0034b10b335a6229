const TICKS = 41;
const SPREAD = 150;

/** The decorative dial above the sign-in form. Its needle rises during the request (see sign-in.css). */
export function Gauge() {
  return (
    <svg class="gauge" viewBox="0 0 240 136" aria-hidden="true">
      {Array.from({ length: TICKS }, (_, index) => (
        <line
          key={index}
          class={isLong(index) ? 'gauge__tick gauge__tick--long' : 'gauge__tick'}
          x1="120"
          x2="120"
          y1="12"
          y2={isLong(index) ? 28 : 21}
          transform={`rotate(${(index / (TICKS - 1) - 0.5) * SPREAD} 120 124)`}
        />
      ))}
      <line class="gauge__needle" x1="120" y1="124" x2="120" y2="36" />
      <circle class="gauge__pivot" cx="120" cy="124" r="6" />
    </svg>
  );
}

function isLong(index: number): boolean {
  return index % 10 === 0;
}
