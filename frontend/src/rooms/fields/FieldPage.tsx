/** One photograph: the picture with its boxes, the cell that is looked at, and what is known of the picture. */
import { useEffect, useMemo, useState } from "react";

import { type CellView, cropOf, fieldPicture } from "../../api/client";
import { useGet } from "../../api/resource";
import { FieldCanvas } from "../../canvas/FieldCanvas";
import { PREVIEW } from "../../canvas/Photo";
import { readingOrder } from "../../canvas/viewport";
import { useKeys } from "../../keys/useKeys";
import { Arrow } from "../../parts/Arrow";
import { Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Picture } from "../../parts/Picture";
import { go, goQuery, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { CellFacts, Repeats } from "../cells/CellFacts";
import { TermFacts } from "../cells/TermFacts";
import { FieldFacts } from "./FieldFacts";
import { useNeighbors } from "./neighbors";

export function FieldPage({ id }: { id: string }) {
  const words = useWords();
  const { query } = useAddress();
  const selected = query.get("cell") ?? undefined;
  const [hovered, setHovered] = useState<string>();
  const { data: view, problem, retry } = useGet("/api/fields/{field_id}", { field_id: id });
  const list = useGet("/api/cells", {}, { field_id: id, limit: 500 });
  const smears = useGet("/api/smears");
  const { data: taxonomy } = useGet("/api/taxonomy");
  const cells = useMemo(() => readingOrder(list.data?.items ?? [], ({ cell }) => cell.extent), [list.data]);
  const shown = cells.find(({ cell }) => cell.id === (hovered ?? selected));

  // While the next photograph loads, the smear of the last one still tells its neighbours.
  const [smear, setSmear] = useState<string>();
  useEffect(() => {
    if (view) setSmear(view.field.smear_id);
  }, [view]);
  const { position, total, previous, next, pictured } = useNeighbors(smear, id);
  const ahead = pictured.join(" ");
  useEffect(() => {
    for (const neighbor of ahead ? ahead.split(" ") : []) new Image().src = fieldPicture(neighbor, PREVIEW);
  }, [ahead]);
  const visit = (neighbor: string | undefined) => () => {
    if (!neighbor) return;
    setHovered(undefined);
    go(`/fields/${neighbor}`);
  };
  useKeys({ KeyN: visit(next), KeyP: visit(previous) });

  const failed = problem ?? list.problem;
  const code = smears.data?.find((each) => each.smear.id === smear)?.smear.code;
  const title = position === undefined || total === undefined ? words.field.bare : words.field.title(position + 1, total);
  const trail = [[words.app.smears, "/"] as const, ...(smear ? [[code ?? words.smears.smear, `/smears/${smear}`] as const] : [])];
  return (
    <Page
      title={title}
      trail={trail}
      actions={
        failed ? null : (
          <>
            {view && view.field.digest !== null && !view.field.crop_only ? (
              <Link className="button" href={`/fields/${id}/locate${selected ? `?cell=${encodeURIComponent(selected)}` : ""}`}>
                {words.locate.title}
              </Link>
            ) : null}
            <NeighborLink to={previous} name={words.field.previous} letter="P" />
            <NeighborLink to={next} name={words.field.next} letter="N" />
          </>
        )
      }
    >
      {view?.covered_by ? (
        <p className="page-line">
          <span className="mark covered">{words.fields.coveredBy}</span> {words.fields.coveredMeaning}{" "}
          <Link className="link" href={`/fields/${view.covered_by}`}>
            {words.fields.openCovering}
          </Link>
        </p>
      ) : null}
      {view && view.field.digest === null ? (
        <p className="page-line">
          <span className="mark absent">{words.state.noPhotograph}</span>{" "}
          {view.field.width_px === null ? words.field.onlyBoxesNoSize : words.field.onlyBoxes}
        </p>
      ) : null}
      {failed ? (
        <Failed problem={failed} onRetry={problem ? retry : list.retry} />
      ) : (
        <div className="field-layout">
          {view && (view.field.width_px !== null || list.data) ? (
            <FieldCanvas
              key={id}
              field={view.field}
              cells={cells}
              selected={selected}
              hovered={hovered}
              onHover={setHovered}
              onSelect={(cell) => goQuery({ cell })}
            />
          ) : (
            <div className="canvas">
              <div className="canvas-frame">
                <Loading />
              </div>
            </div>
          )}
          <aside className="field-side">
            <CellPanel view={shown} empty={list.data !== undefined && cells.length === 0} taxonomy={taxonomy} />
            {view ? <FieldFacts view={view} /> : null}
          </aside>
        </div>
      )}
    </Page>
  );
}

function NeighborLink({ to, name, letter }: { to: string | undefined; name: string; letter: "N" | "P" }) {
  const content = (
    <>
      {letter === "P" ? <Arrow to="back" /> : null} {name} <kbd>{letter}</kbd> {letter === "N" ? <Arrow to="forward" /> : null}
    </>
  );
  return to ? (
    <Link className="button" href={`/fields/${to}`} aria-keyshortcuts={letter.toLowerCase()}>
      {content}
    </Link>
  ) : (
    <span className="button disabled" aria-disabled="true">
      {content}
    </span>
  );
}

interface CellPanelProps {
  view: CellView | undefined;
  empty: boolean;
  taxonomy: Parameters<typeof CellFacts>[0]["taxonomy"];
}

function CellPanel({ view, empty, taxonomy }: CellPanelProps) {
  const words = useWords();
  return (
    <section className="cell-panel" aria-live="polite">
      <h2>{words.cell.title}</h2>
      {view ? (
        <>
          <Picture src={cropOf(view.cell, 384)} alt={words.cell.picture(view.cell.id)} lazy={false} />
          <CellFacts view={view} taxonomy={taxonomy} />
          <TermFacts term={view.consensus?.term} taxonomy={taxonomy} />
          <Repeats view={view} />
        </>
      ) : (
        <p className="quiet">{empty ? words.field.noCells : words.field.selectHint}</p>
      )}
    </section>
  );
}
