/** One job wherever it belongs: how far it is, its end, its log, and why it failed. */
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";

import { Failure, type Problem, sendJson } from "../../api/client";
import { Latin } from "../../parts/Facts";
import { Trouble } from "../../parts/Told";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { countsOf, cancelUrl, isOpen, type Job, jobUrl, kindName, linkOf, secondsOf, shareOf, toldOf } from "./jobs";
import { JobLog } from "./JobLog";
import { useFollow } from "./useFollow";

const EVERY = 1000;

export interface JobLineProps {
  id: string;
  /** The job as it was told before, so that nothing jumps. */
  first?: Job;
  /** Called once, when it has ended: well, badly or by somebody. */
  onDone?: (job: Job) => void;
}

export function JobLine({ id, first, onDone }: JobLineProps) {
  const words = useWords();
  const known = first?.id === id ? first : undefined;
  const settled = known !== undefined && !isOpen(known);
  const { data, problem, put } = useFollow<Job>(settled ? null : jobUrl(id), isOpen, EVERY);
  const job = settled ? known : (data ?? known);
  const told = useRef<string>(undefined);
  useEffect(() => {
    if (data === undefined || isOpen(data) || told.current === data.id) return;
    told.current = data.id;
    onDone?.(data);
  }, [data, onDone]);
  if (job === undefined) {
    return problem ? (
      <Trouble problem={problem} />
    ) : (
      <p className="notice loading" role="status">
        {words.state.loading}
      </p>
    );
  }
  return <Told job={job} onChanged={put} />;
}

function Told({ job, onChanged }: { job: Job; onChanged: (job: Job) => void }) {
  const words = useWords();
  const { jobs, date } = words;
  const [problem, setProblem] = useState<Problem>();
  const open = isOpen(job);
  const link = linkOf(job);
  const name = kindName(job.kind, words);
  const end = () => {
    setProblem(undefined);
    sendJson<Job>("POST", cancelUrl(job.id)).then(onChanged, (reason: unknown) => {
      if (!(reason instanceof Failure)) throw reason;
      setProblem(reason.problem);
    });
  };
  return (
    <article className="card job" data-state={job.state} aria-label={name}>
      <div className="job-head">
        <h3>{name}</h3>
        <State job={job} />
        <span className="quiet job-who">
          {job.handle ? <Latin>{job.handle}</Latin> : jobs.commandLine} · {date(job.asked_at)}
        </span>
      </div>
      <Parameters job={job} />
      {open ? <Bar job={job} /> : null}
      <Came job={job} />
      {problem ? <Trouble problem={problem} /> : null}
      <div className="job-acts">
        {link ? (
          <Link className="button" href={link}>
            {jobs.look}
          </Link>
        ) : null}
        {open ? (
          <Button className="button" onPress={end} isDisabled={job.stopping ?? false}>
            {job.stopping ? jobs.stopping : jobs.cancel}
          </Button>
        ) : null}
        <JobLog id={job.id} live={open} />
      </div>
    </article>
  );
}

function State({ job }: { job: Job }) {
  const words = useWords();
  const { jobs } = words;
  const again = job.state === "waiting" && (job.attempts ?? 0) > 0;
  return (
    <span className={`mark job-state ${job.state}`} role="status">
      {job.stopping && job.state === "running" ? jobs.stopping : again ? jobs.takenUpAgain : jobs.state[job.state]}
    </span>
  );
}

function Bar({ job }: { job: Job }) {
  const words = useWords();
  const { jobs, number } = words;
  const share = shareOf(job);
  const known = share !== undefined && job.state === "running";
  const text = known ? jobs.reached(jobs.rooms[job.room ?? ""] ?? job.room ?? "", job.done ?? 0, job.total ?? 0) : job.state === "running" ? jobs.beginning : jobs.waitsFor;
  return (
    <div className="job-bar">
      <progress aria-label={jobs.progress} {...(known ? { value: share, max: 1 } : { value: 0, max: 1 })} />
      <span className="quiet">{text}</span>
      {(job.attempts ?? 0) > 1 ? <span className="quiet">{jobs.attempt(number(job.attempts ?? 0))}</span> : null}
    </div>
  );
}

/** What it was told, where that is more than nothing. */
function Parameters({ job }: { job: Job }) {
  const { jobs, number } = useWords();
  const told = toldOf(job);
  const said = (value: string) => (/^\d+(\.\d+)?$/.test(value) ? number(Number(value)) : (jobs.option[value] ?? <Latin>{value}</Latin>));
  if (told.length === 0) return null;
  return (
    <ul className="job-told quiet">
      {told.map(([name, value]) => (
        <li key={name}>
          {jobs.parameter[name] ?? <Latin>{name}</Latin>}
          {value === "" ? null : <>: {said(value)}</>}
        </li>
      ))}
    </ul>
  );
}

/** What came of it, or why nothing did. */
function Came({ job }: { job: Job }) {
  const words = useWords();
  const { jobs, number, errors } = words;
  const seconds = secondsOf(job, Date.now());
  const counts = countsOf(job).filter(([name]) => jobs.count[name] !== undefined);
  if (job.state === "failed" && job.problem) {
    const { code, what, expected, found, hint } = job.problem;
    const detail = [what, expected && `expected ${expected}`, found && `found ${found}`].filter(Boolean).join(", ");
    const own = jobs.problem[code];
    if (own === undefined) return <Trouble problem={{ type: "", title: "", status: 0, code, detail, hint: hint ?? "" }} />;
    return (
      <div className="notice failed" role="alert">
        <p className="notice-title">{own.what}</p>
        <p>{own.todo}</p>
        <details className="technical">
          <summary>{errors.technical}</summary>
          <p lang="en" dir="ltr">
            {detail}
          </p>
        </details>
      </div>
    );
  }
  return (
    <>
      {counts.length > 0 ? (
        <ul className="job-counts">
          {counts.map(([name, count]) => (
            <li key={name}>
              <b>{number(count)}</b> {jobs.count[name]}
            </li>
          ))}
        </ul>
      ) : null}
      {seconds !== undefined && job.ended_at ? <p className="quiet">{jobs.took(seconds)}</p> : null}
    </>
  );
}
