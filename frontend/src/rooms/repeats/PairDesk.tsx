/** Pairs near the lines, one after the other: both pictures, one over the other, and a key for each answer. */
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { cellPicture, type Problem, problemOf, sendJson } from "../../api/client";
import { useKeys } from "../../keys/useKeys";
import { Latin } from "../../parts/Facts";
import { Picture } from "../../parts/Picture";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { answered, type Answering, begun, joined, nowOf, oneBack } from "./answering";
import { answersUrl, type NearPair, type PairAnswer } from "./api";
import { type Affine, ofCrops, UNMOVED } from "./laying";
import { Wipe } from "./Wipe";

const SIDE = 400;
/** After so long without an answer the suggestion is asked for anew. */
const QUIET = 400;

export function PairDesk({ asked, onAnswered }: { asked: readonly NearPair[]; onAnswered: () => void }) {
  const { repeats } = useWords();
  const [state, setState] = useState<Answering>(() => begun(asked));
  const [problem, setProblem] = useState<Problem>();
  const [sending, setSending] = useState(0);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });
  // A fresh list tells nothing of answers that are still on their way.
  const idle = sending === 0;
  useEffect(() => {
    if (idle) setState((now) => joined(now, asked));
  }, [asked, idle]);
  const count = state.answers.length;
  const before = useRef(0);
  useEffect(() => {
    if (!idle || before.current === count) return undefined;
    const timer = window.setTimeout(() => {
      before.current = count;
      onAnswered();
    }, QUIET);
    return () => window.clearTimeout(timer);
  }, [idle, count, onAnswered]);
  const send = (pair: NearPair, answer: PairAnswer) => {
    setSending((waiting) => waiting + 1);
    // In the order in which they were given: the last word on a pair counts.
    queue.current = queue.current
      .then(() => sendJson("POST", answersUrl, { cell_id: pair.a, other_id: pair.b, answer }))
      .catch((reason: unknown) => {
        setProblem(problemOf(reason));
        setState((now) => ({ ...now, at: Math.max(0, now.pairs.indexOf(pair)), answers: now.answers.slice(0, Math.max(0, now.pairs.indexOf(pair))) }));
      })
      .finally(() => setSending((waiting) => waiting - 1));
  };
  const say = (answer: PairAnswer) => {
    const now = nowOf(latest.current);
    if (now === undefined) return;
    setProblem(undefined);
    latest.current = answered(latest.current, answer);
    setState(latest.current);
    send(now, answer);
  };
  const back = () => {
    if (latest.current.at === 0) return;
    latest.current = oneBack(latest.current);
    setState(latest.current);
    const now = nowOf(latest.current);
    if (now) send(now, "back");
  };
  const once = (act: () => void) => (event: KeyboardEvent) => {
    event.preventDefault();
    if (!event.repeat) act();
  };
  const keys: readonly (readonly [PairAnswer, string, readonly string[]])[] = [
    ["same", "S", ["KeyS", "Digit1", "Numpad1"]],
    ["different", "D", ["KeyD", "Digit2", "Numpad2"]],
    ["unsure", "U", ["KeyU", "Digit0", "Numpad0"]],
  ];
  useKeys({
    ...Object.fromEntries(keys.flatMap(([answer, , codes]) => codes.map((code) => [code, once(() => say(answer))]))),
    KeyZ: once(back),
    Backspace: once(back),
  });
  const pair = nowOf(state);
  return (
    <section className="pair-desk" aria-label={repeats.sameCell} data-at={state.at} data-waiting={sending}>
      <div className="pair-head">
        <h2>{pair ? repeats.sameCell : repeats.allAnswered}</h2>
        <span className="quiet" role="status">
          {state.pairs.length > 0 ? repeats.nthOf(Math.min(state.at + 1, state.pairs.length), state.pairs.length) : ""}
        </span>
      </div>
      {problem ? <Trouble problem={problem} /> : null}
      {pair ? <Look key={`${pair.a} ${pair.b}`} pair={pair} /> : <p className="quiet">{repeats.allAnsweredHint}</p>}
      <div className="pair-answers">
        {keys.map(([answer, key]) => (
          <Button key={answer} className="button" isDisabled={pair === undefined} onPress={() => say(answer)}>
            {repeats.say[answer]} <kbd>{key}</kbd>
          </Button>
        ))}
        <Button className="button" isDisabled={state.at === 0} onPress={back}>
          {repeats.back} <kbd>Z</kbd>
        </Button>
      </div>
    </section>
  );
}

function Look({ pair }: { pair: NearPair }) {
  const { repeats } = useWords();
  const onto = pair.warp ? ofCrops(pair.warp as Affine, SIDE) : UNMOVED;
  return (
    <>
      <div className="pair-pictures">
        <Picture src={cellPicture(pair.a, SIDE)} alt={repeats.first} lazy={false} />
        <Picture src={cellPicture(pair.b, SIDE)} alt={repeats.second} lazy={false} />
        <Wipe under={cellPicture(pair.a, SIDE)} over={cellPicture(pair.b, SIDE)} size={{ width: SIDE, height: SIDE }} onto={onto} label={repeats.oneOver} />
      </div>
      <p className="quiet">
        <Latin>{pair.smear}</Latin> · {pair.correlation == null ? repeats.apartBy(pair.average_bits, pair.perceptual_bits) : repeats.correlates(pair.correlation)} ·{" "}
        {pair.margin > 0 ? repeats.nowApart : repeats.nowTogether}
      </p>
    </>
  );
}
