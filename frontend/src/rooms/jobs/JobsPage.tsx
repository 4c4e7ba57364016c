/** All long work of a workspace, the newest first. */
import { useCallback, useState } from "react";
import { Button } from "react-aria-components";

import { curates } from "../../api/people";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { JobLine } from "./JobLine";
import { AT_ONCE, isOpen, jobsUrl, type JobPage } from "./jobs";
import { StartJob } from "./StartJob";
import { useFollow } from "./useFollow";

/** Each open job is asked for by itself; the list only tells of those that others started meanwhile. */
const EVERY = 5000;

export function JobsPage() {
  const words = useWords();
  const { jobs, curate } = words;
  const { session } = useSession();
  const person = session?.person;
  const leads = curates(person);
  const [starting, setStarting] = useState(false);
  const [before, setBefore] = useState<readonly string[]>([]);
  const changes = useCallback((page: JobPage) => page.open > 0, []);
  const { data, problem, retry } = useFollow<JobPage>(person ? jobsUrl(before.at(-1)) : null, changes, EVERY);
  const last = data?.jobs.at(-1)?.id;
  const earlier = data !== undefined && data.jobs.length === AT_ONCE && last !== undefined;
  return (
    <Page
      title={jobs.title}
      trail={leads ? [[curate.title, "/curate"]] : []}
      actions={
        leads && !starting ? (
          <Button className="button strong" onPress={() => setStarting(true)}>
            {jobs.start}
          </Button>
        ) : null
      }
    >
      {session === undefined ? <Loading /> : null}
      {session && !person ? <Empty title={jobs.notYours} hint={jobs.notYoursHint} /> : null}
      {person ? <p className="quiet jobs-about">{jobs.about}</p> : null}
      {starting ? (
        <StartJob
          onStarted={() => {
            setStarting(false);
            setBefore([]);
            retry();
          }}
          onCancel={() => setStarting(false)}
        />
      ) : null}
      {person && !data && !problem ? <Loading /> : null}
      {problem && !data ? <Failed problem={problem} onRetry={retry} /> : null}
      {data && data.total === 0 ? <Empty title={jobs.none} hint={leads ? jobs.noneHint : jobs.noneHintOwn} /> : null}
      {data && data.total > 0 ? (
        <>
          <p className="jobs-open" role="status">
            {jobs.open(data.open)}
          </p>
          <ol className="jobs">
            {data.jobs.map((job) => (
              <li key={job.id}>
                <JobLine id={job.id} first={job} {...(isOpen(job) ? { onDone: retry } : {})} />
              </li>
            ))}
          </ol>
        </>
      ) : null}
      <div className="row-form">
        {before.length > 0 ? (
          <Button className="button" onPress={() => setBefore(before.slice(0, -1))}>
            {jobs.later}
          </Button>
        ) : null}
        {earlier ? (
          <Button className="button" onPress={() => setBefore([...before, last])}>
            {jobs.earlier}
          </Button>
        ) : null}
      </div>
    </Page>
  );
}
