/** Names and order of the classes, as the taxonomy has them. */
import type { Taxonomy } from "../../api/client";
import type { Words } from "../../words/en";

export function termName(key: string, taxonomy: Taxonomy | undefined, words: Words): string {
  return words.term[key] ?? taxonomy?.terms.find((term) => term.key === key)?.name ?? key;
}

export interface Choice {
  key: string;
  depth: number;
}

/** Every term below the root, each after its parent. */
export function choices(taxonomy: Taxonomy): Choice[] {
  const below = (parent: string, depth: number): Choice[] =>
    taxonomy.terms
      .filter((term) => term.parent === parent)
      .flatMap((term) => [{ key: term.key, depth }, ...below(term.key, depth + 1)]);
  const root = taxonomy.terms.find((term) => term.parent === null);
  return root ? below(root.key, 0) : [];
}
