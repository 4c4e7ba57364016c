/** Where the open cell stands in the list, and how to open the one before or after it. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { CellView } from "../../api/client";
import type { LongList } from "../../api/pages";
import { goQuery } from "../../route/router";

export interface Steps {
  /** `undefined` where no cell is open, or the open one is not among those loaded. */
  index: number | undefined;
  step: (by: 1 | -1) => void;
  /** Say which one was just opened, so that it need not be looked for. */
  opened: (index: number) => void;
}

export function useSteps(open: string | undefined, list: Pick<LongList<CellView>, "at" | "need" | "total">): Steps {
  const { at, need, total = 0 } = list;
  const hint = useRef(0);
  const [wanted, setWanted] = useState<number>();
  const index = useMemo(() => {
    if (open === undefined) return undefined;
    if (at(hint.current)?.cell.id === open) return hint.current;
    for (let each = 0; each < total; each++) if (at(each)?.cell.id === open) return each;
    return undefined;
  }, [at, open, total]);
  const opened = useCallback((position: number) => {
    hint.current = position;
  }, []);
  const step = (by: 1 | -1) => {
    if (index === undefined) return;
    need(index + by, index + by);
    setWanted(index + by);
  };
  // The next cell may still be on its way.
  const next = wanted === undefined ? undefined : at(wanted)?.cell.id;
  useEffect(() => {
    if (wanted === undefined || next === undefined) return;
    hint.current = wanted;
    setWanted(undefined);
    goQuery({ cell: next });
  }, [next, wanted]);
  return { index, step, opened };
}
