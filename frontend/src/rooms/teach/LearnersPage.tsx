/** For those who teach: everybody's scores in closed rounds for learners, against which panel, with intervals. */
import { useState } from "react";

import { address } from "../../api/client";
import { curates } from "../../api/people";
import { useGet } from "../../api/resource";
import { type LearnerScore, type Share } from "../../api/teaching";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { useSession } from "../people/session";

const EVERY = "-";
/** What counts as one panel: the rounds that decided, whichever they are. */
const panelOf = ({ panel }: LearnerScore): string => panel.join(", ");

export function LearnersPage() {
  const { label, teach, people } = useWords();
  const { session } = useSession();
  const leads = curates(session?.person);
  const { data, problem, retry } = useGet("/api/learners", leads ? {} : null);
  return (
    <Page
      title={teach.learners}
      trail={[[label.rounds, "/rounds"]]}
      actions={
        data && data.length > 0 ? (
          <a className="button" href={address("/api/learners/export")} download>
            {teach.table}
          </a>
        ) : null
      }
    >
      {session && !leads ? (
        <Empty title={people.notYours} hint={teach.learnersHint}>
          <Link className="button" href="/rounds">
            {label.rounds}
          </Link>
        </Empty>
      ) : problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <Empty title={teach.noLearners} hint={teach.noLearnersHint} />
      ) : (
        <Scores rows={data} />
      )}
    </Page>
  );
}

function Scores({ rows }: { rows: readonly LearnerScore[] }) {
  const words = useWords();
  const { label, teach, role, agreement, app } = words;
  const [panel, setPanel] = useState(EVERY);
  const panels = [...new Set(rows.map(panelOf))];
  const shown = rows.filter((row) => panel === EVERY || panelOf(row) === panel);
  return (
    <div className="own-reading">
      <p className="quiet">{teach.learnersHint}</p>
      {panels.length > 1 ? (
        <Choice
          label={teach.panel}
          value={panel}
          options={[{ id: EVERY, name: teach.everyLearner }, ...panels.map((name) => ({ id: name, name: name || teach.noPanel }))]}
          onChange={setPanel}
        />
      ) : null}
      <section className="card">
        <table className="plain-table learners">
          <thead>
            <tr>
              <th scope="col">{teach.person}</th>
              <th scope="col">{teach.round}</th>
              <th scope="col">{teach.panel}</th>
              <th scope="col">{teach.cells}</th>
              <th scope="col">{teach.balanced}</th>
              <th scope="col">{teach.accuracy}</th>
              <th scope="col">{teach.kappa}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={`${row.round_id} ${row.person.id}`}>
                <th scope="row">
                  <Latin>{row.person.handle}</Latin>
                  <span className="quiet"> {role[row.person.role] ?? row.person.role}</span>
                  {row.person.simulated ? <span className="mark simulated">{app.simulated}</span> : null}
                </th>
                <td data-name={teach.round}>
                  <bdi>{row.name}</bdi>
                  <span className="quiet">
                    {label.mode[row.mode] ?? row.mode} · {label.levels[row.score.level] ?? row.score.level} · {words.date(row.at)}
                  </span>
                </td>
                <td data-name={teach.panel}>
                  <bdi>{panelOf(row) || teach.noPanel}</bdi>
                </td>
                <td data-name={teach.cells}>{teach.scoredOf(row.score.cells, row.held, row.score.blank)}</td>
                <td data-name={teach.balanced}>
                  <Figure share={row.score.balanced} format={words.percent} />
                </td>
                <td data-name={teach.accuracy}>
                  <Figure share={row.score.accuracy} format={words.percent} />
                </td>
                <td data-name={teach.kappa}>
                  <Figure share={row.score.kappa} format={agreement.fixed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Figure({ share: { value, interval }, format }: { share: Share; format: (value: number) => string }) {
  const { agreement } = useWords();
  if (value === null) return <span>{agreement.undefined}</span>;
  return (
    <>
      <b>{format(value)}</b>
      <span className="quiet">{interval ? agreement.interval(format(interval[0]), format(interval[1])) : agreement.noInterval}</span>
    </>
  );
}
