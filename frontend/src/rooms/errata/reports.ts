/** Reports as the service tells them, and what of them waits. */
import type { components } from "../../api/schema";

export type ErratumView = components["schemas"]["ErratumView"];
export type Receipt = components["schemas"]["ErratumReceipt"];
export type ReportFile = components["schemas"]["ReportFile"];

export const errataUrl = "/api/errata";
export const answerUrl = (id: string): string => `${errataUrl}/${encodeURIComponent(id)}`;

export async function fileOf(file: File): Promise<ReportFile> {
  return { name: file.name, content: await file.text() };
}

/** Accepted reports whose cells nobody was asked about since. */
export const waiting = (views: readonly ErratumView[]): ErratumView[] =>
  views.filter(({ state, held, read_again }) => state === "accepted" && !held && !read_again);

export function told(receipts: readonly Receipt[]): { kept: number; known: number; refused: Receipt[] } {
  const of = (state: string) => receipts.filter((receipt) => receipt.state === state);
  return { kept: of("kept").length, known: of("known").length, refused: of("refused") };
}
