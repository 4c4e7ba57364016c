/** Back or forward, in the direction of reading. */
export function Arrow({ to }: { to: "back" | "forward" }) {
  return (
    <svg className="arrow-mark" viewBox="0 0 10 16" width="8" height="13" aria-hidden="true">
      <path d={to === "back" ? "M8 2 2 8l6 6" : "M2 2l6 6-6 6"} fill="none" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}
