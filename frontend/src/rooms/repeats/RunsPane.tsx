/** Cleanings, the newest first: what each changed, how two differ, and back to what stood before one. */
import { useCallback, useState } from "react";
import { Button } from "react-aria-components";

import { type Problem, problemOf, sendJson } from "../../api/client";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Trouble } from "../../parts/Told";
import { useWords } from "../../words/words";
import { JobLine } from "../jobs/JobLine";
import { Choice } from "../people/Choice";
import { type Cleaning, cleaningsUrl, differenceUrl, type Job, type RepeatChange, undoUrl } from "./api";
import { ChangeView } from "./ChangeView";
import { LinesText } from "./ThresholdPane";

const BEFORE = "-";

export function RunsPane() {
  const { repeats } = useWords();
  const { data, problem, retry } = useJson<Cleaning[]>(cleaningsUrl);
  const [last, setLast] = useState<Cleaning[]>();
  if (data && data !== last) setLast(data);
  const shown = data ?? last;
  return (
    <>
      <p className="quiet repeats-meaning">{repeats.runsMeaning}</p>
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {shown === undefined && !problem ? <Loading /> : null}
      {shown?.length === 0 ? <Empty title={repeats.noRuns} hint={repeats.noRunsHint} /> : null}
      {shown ? (
        <ol className="cleanings" data-count={shown.length}>
          {shown.map((each) => (
            <One key={each.id} cleaning={each} others={shown} onBack={retry} />
          ))}
        </ol>
      ) : null}
    </>
  );
}

function One({ cleaning, others, onBack }: { cleaning: Cleaning; others: readonly Cleaning[]; onBack: () => void }) {
  const words = useWords();
  const { repeats, number } = words;
  const [open, setOpen] = useState(false);
  const stands = cleaning.standing === cleaning.smears.length;
  return (
    <li className="cleaning" data-cleaning={cleaning.id} data-why={cleaning.why}>
      <div className="cleaning-head">
        <h2>{words.date(cleaning.ended_at)}</h2>
        <span>
          {repeats.why[cleaning.why]}
          {cleaning.by ? (
            <>
              {" · "}
              <Latin>{cleaning.by}</Latin>
            </>
          ) : null}
        </span>
        <span className={cleaning.standing > 0 ? "mark" : "mark quiet"}>{stands ? repeats.standing : cleaning.standing > 0 ? repeats.standingIn(cleaning.standing) : repeats.notStanding}</span>
      </div>
      <p>
        <LinesText lines={cleaning.lines} />
      </p>
      <p className="quiet">
        {cleaning.smears.length <= 3 ? cleaning.smears.map((code) => <Latin key={code}>{`${code} `}</Latin>) : repeats.smears(cleaning.smears.length)} · {repeats.leftOutOf(cleaning.repeats)} · {repeats.coveredOf(cleaning.covered)}
      </p>
      <Button className="button" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? repeats.hideChange : repeats.whatItChanged} <span className="unseen">{number(others.indexOf(cleaning) + 1)}</span>
      </Button>
      {open ? <Change cleaning={cleaning} others={others} onBack={onBack} /> : null}
    </li>
  );
}

function Change({ cleaning, others, onBack }: { cleaning: Cleaning; others: readonly Cleaning[]; onBack: () => void }) {
  const words = useWords();
  const { repeats } = words;
  const [against, setAgainst] = useState(BEFORE);
  const { data, problem, retry } = useJson<RepeatChange>(differenceUrl(cleaning.id, against === BEFORE ? null : against));
  const [sure, setSure] = useState(false);
  const [job, setJob] = useState<Job>();
  const [refused, setRefused] = useState<Problem>();
  const undo = () => {
    setSure(false);
    setRefused(undefined);
    sendJson<Job>("POST", undoUrl(cleaning.id)).then(setJob, (reason: unknown) => setRefused(problemOf(reason)));
  };
  const done = useCallback(() => onBack(), [onBack]);
  const first = cleaning.first === cleaning.smears.length;
  return (
    <div className="cleaning-change">
      {others.length > 1 ? (
        <Choice
          label={repeats.comparedWith}
          value={against}
          options={[
            { id: BEFORE, name: repeats.whatStoodBefore },
            ...others.filter(({ id }) => id !== cleaning.id).map((other) => ({ id: other.id, name: `${words.date(other.ended_at)} · ${repeats.why[other.why]}` })),
          ]}
          onChange={setAgainst}
        />
      ) : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : data === undefined ? <Loading /> : <ChangeView change={data} />}
      {first ? <p className="quiet">{repeats.nothingBefore}</p> : null}
      {first || sure ? null : (
        <Button className="button" onPress={() => setSure(true)}>
          {repeats.goBack}
        </Button>
      )}
      {sure ? (
        <div className="notice" role="group" aria-label={repeats.goBack}>
          <p>{repeats.goBackMeaning(cleaning.smears.length - cleaning.first)}</p>
          <span className="page-actions">
            <Button className="button strong" onPress={undo}>
              {repeats.goBackNow}
            </Button>
            <Button className="button" onPress={() => setSure(false)}>
              {words.people.cancel}
            </Button>
          </span>
        </div>
      ) : null}
      {refused ? <Trouble problem={refused} /> : null}
      {job ? <JobLine key={job.id} id={job.id} first={job} onDone={done} /> : null}
    </div>
  );
}
