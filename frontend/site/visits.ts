/** The entries of the browser's history that this page made, marked so that going back is told from following a link. */

export interface Entry {
  /** How many entries of this page lie before it. */
  depth: number;
  /** The page that one came from; empty for the first. */
  from: string;
}

/** The entry that is shown; none where a link, or an address typed by hand, has only just made it. */
export function entryNow(): Entry | undefined {
  const state: unknown = history.state;
  if (typeof state !== "object" || state === null || !("depth" in state) || !("from" in state)) return undefined;
  return typeof state.depth === "number" && typeof state.from === "string" ? { depth: state.depth, from: state.from } : undefined;
}

export function mark(depth: number, from: string): Entry {
  const entry = { depth, from };
  history.replaceState(entry, "");
  return entry;
}

/** Give the entry that is shown another address; it stays the same entry. */
export function readdress(hash: string): void {
  history.replaceState(history.state, "", hash);
}
