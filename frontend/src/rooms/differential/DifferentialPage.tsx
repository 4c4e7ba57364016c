/** The differential count of a smear; the address bar holds an entered count of leukocytes. It prints on A4. */
import { Button } from "react-aria-components";

import { address } from "../../api/client";
import { useGet } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { goQuery, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { ForHundred, Labels, NotCounted, SideBySide } from "./Beside";
import { CountTable, PlannedTable } from "./CountTable";
import { References } from "./References";
import { type Differential, limitsText, shownRows } from "./values";
import { WbcForm } from "./WbcForm";

/** The same count as a page to keep, as it stands here. */
const pageAddress = (id: string, wbc: string | null, leftOut: boolean): string =>
  address("/api/smears/{smear_id}/differential/page", { smear_id: id }, { wbc, red_cells_left_out: leftOut ? true : null });

export function DifferentialPage({ id }: { id: string }) {
  const words = useWords();
  const { differential } = words;
  const { query } = useAddress();
  const wbc = query.get("wbc");
  const leftOut = query.get("left_out") !== null;
  const count = useGet("/api/smears/{smear_id}/differential", { smear_id: id }, { wbc, red_cells_left_out: leftOut ? true : null });
  const funnels = useGet("/api/smears");
  const code = count.data?.smear ?? funnels.data?.find((each) => each.smear.id === id)?.smear.code ?? "";
  return (
    <Page
      title={code ? differential.title(code) : differential.link}
      trail={[
        [words.app.smears, "/"],
        [code ? words.fields.title(code) : words.app.smears, `/smears/${encodeURIComponent(id)}`],
      ]}
      actions={
        count.data ? (
          <>
            {count.data.leukocytes > 0 ? (
              <a className="button" href={pageAddress(id, wbc, leftOut)} download>
                {differential.savePage}
              </a>
            ) : null}
            <Button className="button" onPress={() => window.print()}>
              {differential.print}
            </Button>
          </>
        ) : null
      }
    >
      <p className="banner research" role="note">
        {differential.notice}
      </p>
      {count.problem ? (
        <>
          {wbc === null ? null : <WbcForm key={wbc} wbc={wbc} leftOut={leftOut} />}
          <Failed problem={count.problem} onRetry={count.retry} />
        </>
      ) : count.data === undefined ? (
        <Loading />
      ) : (
        <Report found={count.data} wbc={wbc} leftOut={leftOut} all={query.get("all") !== null} onKept={count.retry} />
      )}
    </Page>
  );
}

interface ReportProps {
  found: Differential;
  wbc: string | null;
  leftOut: boolean;
  /** With the kinds that have no cell. */
  all: boolean;
  onKept: () => void;
}

function Report({ found, wbc, leftOut, all, onKept }: ReportProps) {
  const words = useWords();
  const { differential } = words;
  const rows = shownRows(found.rows, all);
  const empty = found.rows.length - shownRows(found.rows, false).length;
  return (
    <>
      {found.simulated ? (
        <p className="banner" role="note">
          <span className="mark simulated">{words.app.simulated}</span> {differential.simulated}
        </p>
      ) : null}
      <div className="page-line">
        <span>{differential.summary(found.leukocytes, found.found)}</span>
        <span>
          {differential.words} <Latin>{found.taxonomy}</Latin>
        </span>
      </div>
      {found.leukocytes === 0 ? (
        <>
          <Empty title={differential.nothing} hint={differential.nothingHint} />
          {found.not_counted.length === 0 ? null : <NotCounted found={found} />}
        </>
      ) : (
        <div className="differential">
          <section className="card by-type">
            <h2>{differential.byType}</h2>
            <CountTable found={found} rows={rows} />
            <p className="quiet">{differential.partOf}</p>
            {empty > 0 ? (
              <p className="quiet unused">
                {all ? null : differential.hidden(empty)}{" "}
                <button type="button" className="button" onClick={() => goQuery({ all: all ? null : "1" })}>
                  {all ? differential.hide : differential.show}
                </button>
              </p>
            ) : null}
          </section>
          <div className="differential-side">
            <WbcForm key={wbc ?? ""} wbc={wbc} leftOut={leftOut} />
            {found.wbc ? <EnteredCount wbc={found.wbc} /> : null}
            <ForHundred found={found} />
            <Labels found={found} />
            <NotCounted found={found} />
          </div>
          <SideBySide found={found} />
          <PlannedTable rows={rows} />
          <References found={found} onKept={onKept} />
        </div>
      )}
    </>
  );
}

function EnteredCount({ wbc }: { wbc: NonNullable<Differential["wbc"]> }) {
  const words = useWords();
  const { differential } = words;
  const { corrected, flag, reference } = wbc;
  const beyond = flag === "low" || flag === "high";
  return (
    <section className="card" data-part="wbc">
      <h2>{differential.wbc}</h2>
      <dl className="for-hundred">
        <div>
          <dt>{differential.entered}</dt>
          <dd>
            <b>{words.number(wbc.entered)}</b>
          </dd>
        </div>
        {typeof corrected === "number" ? (
          <div>
            <dt>{differential.corrected}</dt>
            <dd>
              <b>{differential.fixed(corrected, 2)}</b>
            </dd>
          </div>
        ) : null}
      </dl>
      {reference ? (
        <p>
          {differential.reference(limitsText(reference, words))} {beyond ? <span className="flag sure">{differential[flag]}</span> : null}
        </p>
      ) : null}
      <p className="quiet">
        {typeof corrected === "number"
          ? differential.correctedHow(wbc.above)
          : wbc.red_cells_left_out
            ? differential.notCorrectedLeftOut
            : differential.notCorrected(wbc.above)}
      </p>
    </section>
  );
}
