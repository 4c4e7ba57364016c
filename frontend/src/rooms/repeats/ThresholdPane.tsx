/** Thresholds: distances with the lines in force, pairs answered by key, what the answers suggest, and what it changes. */
import { useCallback, useEffect, useState } from "react";
import { Button, Input, Label, NumberField } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { useJson } from "../../api/resource";
import { Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { JobLine } from "../jobs/JobLine";
import { Choice } from "../people/Choice";
import { applyUrl, type Job, type Lines, type Looked, previewUrl, type RepeatChange, sameLines, thresholdUrl, type ThresholdSheet, type Way, wishOf } from "./api";
import { ChangeView } from "./ChangeView";
import { Distances } from "./Distances";
import { PairDesk } from "./PairDesk";
import { Said } from "./Said";

const FIRST: Looked = { way: "hashes", smear: null, average: null, perceptual: null, correlation: null };

export function ThresholdPane({ smear }: { smear: string | null }) {
  const { repeats } = useWords();
  const [looked, setLooked] = useState<Looked>(FIRST);
  const asked = { ...looked, smear };
  const url = thresholdUrl(asked);
  const { data, problem, retry } = useJson<ThresholdSheet>(url);
  const [last, setLast] = useState<ThresholdSheet>();
  useEffect(() => {
    if (data) setLast(data);
  }, [data]);
  // While other lines are looked up, the page stays as it is.
  const sheet = data ?? (last?.way === looked.way ? last : undefined);
  return (
    <>
      <p className="quiet repeats-meaning">{repeats.thresholdMeaning}</p>
      <div className="repeats-choices">
        <Choice
          label={repeats.way}
          value={looked.way}
          options={(["hashes", "correlation"] as const).map((id) => ({ id, name: repeats.ways[id] }))}
          onChange={(id) => setLooked({ ...FIRST, way: id as Way })}
        />
        {sheet ? <LineFields sheet={sheet} onLook={(lines) => setLooked({ ...looked, ...lines })} /> : null}
      </div>
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {sheet === undefined && !problem ? (
        <>
          <Loading />
          {looked.way === "correlation" ? <p className="quiet">{repeats.takesAWhile}</p> : null}
        </>
      ) : null}
      {sheet ? <Sheet key={`${looked.way} ${smear ?? ""}`} sheet={sheet} smear={smear} onAgain={retry} onLook={(lines) => setLooked({ ...looked, ...lines })} /> : null}
    </>
  );
}

type Bounds = Pick<Looked, "average" | "perceptual" | "correlation">;

function LineFields({ sheet, onLook }: { sheet: ThresholdSheet; onLook: (lines: Partial<Bounds>) => void }) {
  const { repeats } = useWords();
  const { lines } = sheet;
  const field = (label: string, value: number, change: (next: number) => void, [least, most, step]: readonly [number, number, number]) => (
    <NumberField key={`${label} ${value}`} className="text-field" defaultValue={value} onChange={(next) => Number.isFinite(next) && change(next)} minValue={least} maxValue={most} step={step} formatOptions={{ maximumFractionDigits: 3 }}>
      <Label>{label}</Label>
      <Input />
    </NumberField>
  );
  if (sheet.way === "correlation") return field(repeats.correlationFrom, lines.correlation, (correlation) => onLook({ correlation }), [0.85, 1, 0.001]);
  return (
    <>
      {field(repeats.averageUnder, lines.average_bits, (average) => onLook({ average }), [1, 65, 1])}
      {field(repeats.perceptualUnder, lines.perceptual_bits, (perceptual) => onLook({ perceptual }), [1, 65, 1])}
    </>
  );
}

interface SheetProps {
  sheet: ThresholdSheet;
  smear: string | null;
  onAgain: () => void;
  onLook: (lines: Partial<Bounds>) => void;
}

function Sheet({ sheet, smear, onAgain, onLook }: SheetProps) {
  const { repeats, percent } = useWords();
  const { suggestion } = sheet;
  const inForce = sameLines(sheet.in_force, sheet.lines);
  const suggested = suggestion ? sameLines(suggestion.lines, sheet.lines) : false;
  return (
    <div className="threshold" data-suggestion={suggestion ? JSON.stringify(wishOf(suggestion.lines)) : ""}>
      <div className="threshold-side">
        <Distances sheet={sheet} lines={sheet.lines} />
        <p>
          {repeats.inForce} <LinesText lines={sheet.in_force} />
          {inForce ? null : (
            <>
              <br />
              {repeats.lookedAt} <LinesText lines={sheet.lines} />
            </>
          )}
        </p>
        {sheet.waiting > 0 ? <p className="notice">{repeats.answersWait(sheet.waiting)}</p> : null}
        <section className="repeat-card" aria-label={repeats.suggestion}>
          <h2>{repeats.suggestion}</h2>
          {suggestion ? (
            <>
              <p className="suggested-lines">
                <LinesText lines={suggestion.lines} />
              </p>
              <p className="quiet">{repeats.agrees(suggestion.asked, percent(suggestion.precision), percent(suggestion.recall))}</p>
              {suggested ? null : (
                <Button
                  className="button"
                  onPress={() =>
                    onLook(
                      sheet.way === "hashes"
                        ? { average: suggestion.lines.average_bits, perceptual: suggestion.lines.perceptual_bits }
                        : { correlation: suggestion.lines.correlation },
                    )
                  }
                >
                  {repeats.takeSuggested}
                </Button>
              )}
            </>
          ) : (
            <p className="quiet">{repeats.noSuggestion}</p>
          )}
        </section>
        <Applying key={JSON.stringify(wishOf(sheet.lines))} lines={sheet.lines} smear={smear} answers={sheet.answered.length} onDone={onAgain} />
      </div>
      <div className="threshold-desk">
        <PairDesk asked={sheet.asked} onAnswered={onAgain} />
        <Said pairs={sheet.answered} onBack={onAgain} />
      </div>
    </div>
  );
}

export function LinesText({ lines }: { lines: Lines }) {
  const { repeats } = useWords();
  return <strong>{lines.method === "paper" ? repeats.paperLines(lines.average_bits, lines.perceptual_bits) : repeats.registeredLines(lines.correlation)}</strong>;
}

/** First what would change is shown, then it can be done; never the other way round. */
function Applying({ lines, smear, answers, onDone }: { lines: Lines; smear: string | null; answers: number; onDone: () => void }) {
  const { repeats } = useWords();
  const [asked, setAsked] = useState(0);
  const [job, setJob] = useState<Job>();
  const [problem, setProblem] = useState<Problem>();
  // What is told ahead belongs to the answers of now.
  const [seen, setSeen] = useState(answers);
  if (seen !== answers) {
    setSeen(answers);
    setAsked(0);
  }
  const ahead = useJson<RepeatChange>(asked > 0 ? previewUrl(lines, smear) : null);
  const done = useCallback(() => {
    setAsked(0);
    onDone();
  }, [onDone]);
  const apply = () => {
    setProblem(undefined);
    sendJson<Job>("POST", applyUrl, wishOf(lines)).then(setJob, (reason: unknown) => setProblem(problemOf(reason)));
  };
  return (
    <section className="repeat-card" aria-label={repeats.whatChanges}>
      <h2>{repeats.whatChanges}</h2>
      <p>
        <LinesText lines={lines} />
      </p>
      {asked === 0 ? (
        <Button className="button" onPress={() => setAsked(asked + 1)}>
          {repeats.showChange}
        </Button>
      ) : ahead.problem ? (
        <Failed problem={ahead.problem} onRetry={ahead.retry} />
      ) : ahead.data === undefined ? (
        <Loading />
      ) : (
        <>
          <ChangeView change={ahead.data} />
          {smear ? <p className="quiet">{repeats.appliesToAll}</p> : null}
          <Button className="button strong" onPress={apply}>
            {repeats.apply}
          </Button>
        </>
      )}
      {problem ? <Trouble problem={problem} /> : null}
      {job ? <JobLine key={job.id} id={job.id} first={job} onDone={done} /> : null}
    </section>
  );
}
