/** What is shown where there is nothing to show: still loading, nothing there, or a failure. */
import type { ReactNode } from "react";
import { Button } from "react-aria-components";

import type { Problem } from "../api/client";
import { useWords } from "../words/words";

export function Loading() {
  const words = useWords();
  return (
    <p className="notice loading" role="status">
      {words.state.loading}
    </p>
  );
}

export function Empty({ title, hint, children }: { title: string; hint: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <p className="notice-title">{title}</p>
      <p>{hint}</p>
      {children}
    </div>
  );
}

export function Failed({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const words = useWords();
  const { state } = words;
  const own = { offline: state.offline, broken: state.broken }[problem.code];
  return (
    <div className="notice failed" role="alert">
      <p className="notice-title" dir="auto">{own ?? problem.title}</p>
      <p dir="auto">{own ? state.offlineDetail : problem.detail}</p>
      <p dir="auto">{own ? state.offlineHint : problem.hint}</p>
      {own ? null : (
        <p className="quiet">
          {state.code}: <code>{problem.code}</code>
        </p>
      )}
      <Button className="button" onPress={onRetry}>
        {state.retry}
      </Button>
    </div>
  );
}
