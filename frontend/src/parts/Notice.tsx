/** What is shown where there is nothing to show: still loading, nothing there, or a failure. */
import { type ReactNode, useEffect } from "react";
import { Button } from "react-aria-components";

import { type Problem, SIGNED_IN } from "../api/client";
import { useWords } from "../words/words";
import { Told } from "./Told";

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
  const { state } = useWords();
  const ended = problem.status === 401;
  useEffect(() => {
    if (!ended) return undefined;
    window.addEventListener(SIGNED_IN, onRetry);
    return () => window.removeEventListener(SIGNED_IN, onRetry);
  }, [ended, onRetry]);
  return (
    <div className="notice failed" role="alert">
      <Told problem={problem} />
      <Button className="button" onPress={onRetry}>
        {state.retry}
      </Button>
    </div>
  );
}
