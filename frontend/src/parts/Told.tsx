/** A failure, told in the language of the page; what the service says of it stands below, in its own. */
import { useEffect, useState } from "react";

import { type Problem, SIGNED_IN } from "../api/client";
import { tell } from "../words/tell";
import { useWords } from "../words/words";

/** What happened and what to do, for a notice of any kind. */
export function Told({ problem }: { problem: Problem }) {
  const words = useWords();
  const { what, exact, todo, technical, code } = tell(problem, words);
  return (
    <>
      <p className="notice-title">{what}</p>
      {exact ? <p>{exact}</p> : null}
      {todo ? <p>{todo}</p> : null}
      {technical ? (
        <details className="technical">
          <summary>{words.errors.technical}</summary>
          <p lang="en" dir="ltr">
            {technical}
          </p>
        </details>
      ) : null}
      {code ? (
        <p className="quiet">
          {words.errors.code}: <code dir="ltr">{code}</code>
        </p>
      ) : null}
    </>
  );
}

/** A failure within a form, where there is nothing to load again. Of a sign-in that ended, only until the next one. */
export function Trouble({ problem }: { problem: Problem }) {
  const [over, setOver] = useState<Problem>();
  useEffect(() => {
    const mended = () => problem.status === 401 && setOver(problem);
    window.addEventListener(SIGNED_IN, mended);
    return () => window.removeEventListener(SIGNED_IN, mended);
  }, [problem]);
  if (over === problem) return null;
  return (
    <div className="notice failed" role="alert">
      <Told problem={problem} />
    </div>
  );
}
