/** The part of the gallery's filter that comes from a cell of the matrix: what it is, the way back, and away with it. */
import { Button } from "react-aria-components";

import { useGet } from "../../api/resource";
import { goQuery, Link } from "../../route/router";
import { useWords } from "../../words/words";
import { answerName, matrixAddress } from "./matrix";

export interface AnsweredChipProps {
  round: string | null;
  level: string | null;
  first: string | null;
  second: string | null;
  nameOf: (key: string) => string;
}

export function AnsweredChip({ round, level, first, second, nameOf }: AnsweredChipProps) {
  const words = useWords();
  const { agreement, label } = words;
  const { data: rounds } = useGet("/api/agreement/rounds");
  const known = rounds?.find(({ name }) => round === null || name === round);
  const [one, other] = known?.experts ?? ["1", "2"];
  const name = round ?? known?.name ?? "";
  return (
    <div className="chip" role="group" aria-label={agreement.chip(name)}>
      <div className="chip-text">
        <Link className="link" href={matrixAddress(name, level)} title={agreement.chipHint}>
          {agreement.chip(name)}
          {level === null || level === "full" ? "" : ` · ${label.levels[level] ?? level}`}
        </Link>
        <span className="chip-said">
          <span>
            <bdi>{one}</bdi>: <bdi>{answerName(first, words, nameOf)}</bdi>
          </span>
          <span>
            <bdi>{other}</bdi>: <bdi>{answerName(second, words, nameOf)}</bdi>
          </span>
        </span>
      </div>
      <Button
        className="plain"
        aria-label={agreement.clear}
        onPress={() => goQuery({ round: null, level: null, first: null, second: null })}
      >
        ✕
      </Button>
    </div>
  );
}
