/** Pairs that are answered one after the other: which one is asked, which answers wait to be sent, and one step back. */
import type { NearPair, PairAnswer } from "./api";

export interface Answering {
  /** In the order in which they are asked. */
  pairs: readonly NearPair[];
  at: number;
  /** What was answered here, by place. */
  answers: readonly PairAnswer[];
}

export const begun = (pairs: readonly NearPair[]): Answering => ({ pairs, at: 0, answers: [] });

export const nowOf = ({ pairs, at }: Answering): NearPair | undefined => pairs[at];

export function answered(state: Answering, answer: PairAnswer): Answering {
  if (nowOf(state) === undefined) return state;
  return { ...state, at: state.at + 1, answers: [...state.answers.slice(0, state.at), answer] };
}

/** The pair before, as if it had not been answered; the same where there is none. */
export const oneBack = (state: Answering): Answering =>
  state.at === 0 ? state : { ...state, at: state.at - 1, answers: state.answers.slice(0, state.at - 1) };

/** Pairs of a fresh list join behind: what was asked here is not asked again, and what is asked now stays. */
export function joined(state: Answering, fresh: readonly NearPair[]): Answering {
  const key = ({ a, b }: NearPair) => `${a} ${b}`;
  const known = new Set(state.pairs.slice(0, state.at + 1).map(key));
  return { ...state, pairs: [...state.pairs.slice(0, state.at + 1), ...fresh.filter((pair) => !known.has(key(pair)))] };
}

/** The number of pairs of hashes as a shade, 0 to 1: a thousand pairs are not a thousand times as dark. */
export const shadeOf = (count: number, most: number): number => (count <= 0 ? 0 : Math.log1p(count) / Math.log1p(Math.max(most, count)));
