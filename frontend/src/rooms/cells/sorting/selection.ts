/** Which cells are chosen: pure values, so that every way of choosing is the same thing. */

export interface Selection {
  chosen: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | undefined;
}

export const NOBODY: Selection = { chosen: new Set(), anchor: undefined };

export const only = (cell: string): Selection => ({ chosen: new Set([cell]), anchor: cell });

export function toggled({ chosen }: Selection, cell: string): Selection {
  const next = new Set(chosen);
  if (!next.delete(cell)) next.add(cell);
  return { chosen: next, anchor: cell };
}

/** Everything from the anchor to a cell, in the order in which it stands; with `more`, beside what was chosen. */
export function ranged({ chosen, anchor }: Selection, cell: string, order: readonly string[], more: boolean): Selection {
  const from = anchor === undefined ? -1 : order.indexOf(anchor);
  const to = order.indexOf(cell);
  if (from < 0 || to < 0) return only(cell);
  const between = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { chosen: new Set(more ? [...chosen, ...between] : between), anchor };
}

export const together = ({ chosen, anchor }: Selection, cells: Iterable<string>): Selection => ({ chosen: new Set([...chosen, ...cells]), anchor });

/** What is still there after cells were taken away or filtered out. */
export function still(selection: Selection, test: (cell: string) => boolean): Selection {
  const left = [...selection.chosen].filter(test);
  return left.length === selection.chosen.size ? selection : { ...selection, chosen: new Set(left) };
}
