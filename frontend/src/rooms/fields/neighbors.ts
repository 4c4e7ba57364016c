/** Where a field stands among the fields of its smear. */
import { useEffect } from "react";

import { address, type FieldView } from "../../api/client";
import { PAGE, useLongList } from "../../api/pages";

export interface Neighbors {
  /** From 0; `undefined` until it is found. */
  position: number | undefined;
  total: number | undefined;
  previous: string | undefined;
  next: string | undefined;
  /** Those of the two whose photograph has come. */
  pictured: readonly string[];
}

export function useNeighbors(smear: string | undefined, field: string): Neighbors {
  const list = useLongList<FieldView>(smear ? address("/api/smears/{smear_id}/fields", { smear_id: smear }) : null);
  const { at, need, total = 0 } = list;
  const id = (index: number) => at(index)?.field.id;
  let position = 0;
  while (position < total && id(position) !== undefined && id(position) !== field) position += 1;
  const found = position < total && id(position) === field;
  // The page with the next one is asked for as well, and the next page as long as the field is not found.
  const wanted = found ? position + 1 : position;
  useEffect(() => {
    if (wanted < total) need(wanted, Math.min(wanted + (found ? 0 : PAGE), total - 1));
  }, [found, need, total, wanted]);
  const previous = found ? at(position - 1)?.field : undefined;
  const next = found ? at(position + 1)?.field : undefined;
  return {
    position: found ? position : undefined,
    total: list.total,
    previous: previous?.id,
    next: next?.id,
    pictured: [next, previous].flatMap((field) => (field && field.digest !== null ? [field.id] : [])),
  };
}
