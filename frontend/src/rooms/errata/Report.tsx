/** One report: the cell, what the release says, what a reader thinks, and what became of it. */
import { useState } from "react";
import { Button, Label, TextArea, TextField } from "react-aria-components";

import { address, type Problem, problemOf, sendJson, type Taxonomy } from "../../api/client";
import { Picture } from "../../parts/Picture";
import { Trouble } from "../../parts/Told";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import { answerUrl, type ErratumView } from "./reports";

const LONGEST = 2000;

interface ReportProps {
  view: ErratumView;
  taxonomy: Taxonomy | undefined;
  onAnswered: () => void;
}

export function Report({ view, taxonomy, onAnswered }: ReportProps) {
  const words = useWords();
  const { errata } = words;
  const { erratum } = view;
  const named = (key: string | null | undefined) => (key ? (errata.notClasses[key] ?? termName(key, taxonomy, words)) : errata.noClass);
  return (
    <li className="card errata-report" data-state={view.state}>
      <Link className="errata-cell" href={`/cells?cell=${encodeURIComponent(erratum.cell_id)}`} aria-label={errata.openCell}>
        <Picture src={address("/api/cells/{cell_id}/picture", { cell_id: erratum.cell_id }, { side: 128 })} alt="" />
      </Link>
      <div className="errata-words">
        <p className="errata-head">
          <span className={`errata-state ${view.state}`}>{errata.states[view.state]}</span>
          <span className="quiet">
            {errata.ofRelease} <bdi>{view.release}</bdi> · {words.date(erratum.received_at)}
          </span>
        </p>
        {view.held ? (
          <p>{errata.held}</p>
        ) : (
          <>
            <p className="errata-claim">
              <s>{named(erratum.label)}</s> {words.dir === "rtl" ? "←" : "→"} <strong>{named(erratum.proposed)}</strong>
            </p>
            {erratum.why ? (
              <blockquote className="errata-why" dir="auto">
                {erratum.why}
              </blockquote>
            ) : null}
            {erratum.reporter ? (
              <p className="quiet">
                {errata.by} <bdi>{erratum.reporter}</bdi>
              </p>
            ) : null}
            {view.now ? <p>{errata.now(named(view.now))}</p> : null}
            {view.newest ? <p>{view.newest_label ? errata.newest(view.newest, named(view.newest_label)) : errata.leftOut(view.newest)}</p> : null}
          </>
        )}
        {view.read_again && !view.held ? <p>{errata.readAgain(view.read_again)}</p> : null}
        {view.answered_by ? (
          <p className="quiet">
            {errata.answered(view.answered_by)}
            {view.reason ? (
              <>
                : <bdi>{view.reason}</bdi>
              </>
            ) : null}
          </p>
        ) : null}
        {view.held ? null : <Answer key={view.state} view={view} onAnswered={onAnswered} />}
      </div>
    </li>
  );
}

function Answer({ view, onAnswered }: { view: ErratumView; onAnswered: () => void }) {
  const { errata } = useWords();
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async (state: ErratumView["state"]) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await sendJson("POST", answerUrl(view.erratum.id), { state, reason: state === "declined" ? reason.trim() : "" });
      onAnswered();
    } catch (reason) {
      setProblem(problemOf(reason));
    }
    setBusy(false);
  };
  return (
    <>
      {problem ? <Trouble problem={problem} /> : null}
      {declining ? (
        <div className="errata-reason">
          <TextField className="text-field" value={reason} onChange={setReason} maxLength={LONGEST} isRequired autoFocus>
            <Label>{errata.why}</Label>
            <TextArea rows={2} dir="auto" />
          </TextField>
          <div className="row-form">
            <Button className="button strong" isDisabled={busy || !reason.trim()} onPress={() => void send("declined")}>
              {errata.decline}
            </Button>
            <Button className="button" onPress={() => setDeclining(false)}>
              {errata.cancel}
            </Button>
          </div>
        </div>
      ) : view.state === "new" ? (
        <div className="row-form">
          <Button className="button strong" isDisabled={busy} onPress={() => void send("accepted")}>
            {errata.accept}
          </Button>
          <Button className="button" isDisabled={busy} onPress={() => setDeclining(true)}>
            {errata.declineNow}
          </Button>
        </div>
      ) : (
        <Button className="plain" isDisabled={busy} onPress={() => void send("new")}>
          {errata.takeBack}
        </Button>
      )}
    </>
  );
}
