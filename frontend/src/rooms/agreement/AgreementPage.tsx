/** How far the two experts of a closed round agree; the address bar holds round, level and view. */
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import { adjudicateAddress, type AdjudicationView, decides } from "../../api/adjudication";
import type { AgreementReport, AgreementRound } from "../../api/client";
import { useGet, useJson } from "../../api/resource";
import { Classes } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { go, goQuery, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { usePerson } from "../people/session";
import { CopyAs } from "./CopyAs";
import { ByClass, Counted, Pairs, Statistics } from "./Figures";
import { Legend } from "./Legend";
import { Matrix } from "./Matrix";
import { matrixAddress, shownRows, type View, VIEWS } from "./matrix";

export function AgreementPage({ name }: { name: string | undefined }) {
  const words = useWords();
  const { agreement } = words;
  const { query } = useAddress();
  const rounds = useGet("/api/agreement/rounds");
  const round = name ?? rounds.data?.[0]?.name;
  const known = rounds.data?.find((each) => each.name === round);
  // What the round was opened for comes first; a link says its own.
  const level = query.get("level") ?? (name === undefined ? known?.level : undefined) ?? "full";
  const report = useGet("/api/agreement", round === undefined || rounds.data === undefined ? null : {}, { round, level });
  // Only who may decide over this round is led to its disputed cells.
  const person = usePerson();
  const { data: queues } = useJson<AdjudicationView[]>(decides(person) ? "/api/adjudication" : null);
  const queue = queues?.find((each) => each.name === round);
  const view: View = query.get("view") === "shares" ? "shares" : "counts";
  return (
    <Page title={agreement.title}>
      {rounds.problem ? (
        <Failed problem={rounds.problem} onRetry={rounds.retry} />
      ) : rounds.data === undefined ? (
        <Loading />
      ) : round === undefined ? (
        <Empty title={agreement.none} hint={agreement.noneHint} />
      ) : (
        <>
          <Choices rounds={rounds.data} round={round} level={level} view={view} />
          {report.problem ? (
            <Failed problem={report.problem} onRetry={report.retry} />
          ) : report.data === undefined ? (
            <Loading />
          ) : (
            <Report report={report.data} round={round} queue={queue} view={view} all={query.get("all") !== null} />
          )}
        </>
      )}
    </Page>
  );
}

interface ChoicesProps {
  rounds: readonly AgreementRound[];
  round: string;
  level: string;
  view: View;
}

function Choices({ rounds, round, level, view }: ChoicesProps) {
  const words = useWords();
  const { agreement, label } = words;
  const known = rounds.find((each) => each.name === round);
  const names = { counts: agreement.counts, shares: agreement.shares };
  return (
    <div className="filters-body open agreement-choices">
      <Choice
        label={agreement.round}
        value={round}
        options={rounds.map((each) => ({ id: each.name, name: each.name }))}
        onChange={(next) => go(matrixAddress(next, rounds.find((each) => each.name === next)?.level ?? null))}
      />
      {known ? (
        <Choice
          label={agreement.level}
          value={level}
          options={known.levels.map((id) => ({ id, name: label.levels[id] ?? id }))}
          onChange={(next) => go(matrixAddress(round, next) + (view === "shares" ? `${next === "full" ? "?" : "&"}view=shares` : ""), { replace: true })}
        />
      ) : null}
      <div className="choose">
        <span className="label" id="figures-label">
          {agreement.figures}
        </span>
        <ToggleButtonGroup
          className="segments"
          aria-labelledby="figures-label"
          disallowEmptySelection
          selectionMode="single"
          selectedKeys={[view]}
          onSelectionChange={(keys) => goQuery({ view: keys.has("shares") ? "shares" : null })}
        >
          {VIEWS.map((each) => (
            <ToggleButton key={each} id={each} className="button">
              {names[each]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </div>
    </div>
  );
}

interface ReportProps {
  report: AgreementReport;
  round: string;
  /** The disputed cells of the round, for one who may decide. */
  queue: AdjudicationView | undefined;
  view: View;
  /** With the rows that nobody used. */
  all: boolean;
}

function Report({ report, round, queue, view, all }: ReportProps) {
  const words = useWords();
  const { adjudicate, agreement, app } = words;
  const [first, second] = report.experts;
  const places = shownRows(report, all);
  const unused = report.rows.length - shownRows(report, false).length;
  return (
    <>
      {report.simulated ? (
        <p className="banner" role="note">
          <span className="mark simulated">{app.simulated}</span> {agreement.simulatedMeaning}
        </p>
      ) : null}
      {queue ? (
        <div className="notice adjudicate-banner">
          <span>{queue.decided < queue.disputed ? adjudicate.openDisputes(queue.disputed - queue.decided) : adjudicate.decided(queue.decided, queue.disputed)}</span>
          <Link className={queue.decided < queue.disputed ? "button strong" : "button"} href={adjudicateAddress(queue.id, { level: report.level })}>
            {queue.decided < queue.disputed ? adjudicate.decide : adjudicate.look}
          </Link>
        </div>
      ) : null}
      <div className="agreement">
        <section className="agreement-matrix">
          <div className="agreement-head">
            <h2>{agreement.matrix}</h2>
            <Classes taxonomy={report.taxonomy} level={report.level} />
            <CopyAs report={report} places={places} />
          </div>
          <p className="quiet">{agreement.caption(first, second)}</p>
          <Matrix key={`${round} ${report.level} ${all}`} report={report} round={round} places={places} view={view} />
          <Legend report={report} view={view} />
          <p className="quiet">
            {agreement.open} <span className="by-keys">{agreement.keys}</span>
          </p>
          {report.rows.some((row) => row.outside) ? <p className="quiet">{agreement.outside}</p> : null}
          {unused > 0 ? (
            <p className="quiet unused">
              {all ? null : agreement.unused(unused)}{" "}
              <button type="button" className="button" onClick={() => goQuery({ all: all ? null : "1" })}>
                {all ? agreement.hideUnused : agreement.showUnused}
              </button>
            </p>
          ) : null}
        </section>
        <div className="agreement-side">
          <Statistics report={report} />
          <Counted report={report} />
        </div>
        <Pairs report={report} round={round} queue={queue} />
        <ByClass report={report} />
      </div>
    </>
  );
}
