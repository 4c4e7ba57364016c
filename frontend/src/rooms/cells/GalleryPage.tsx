/** All cells of the workspace, by class or as one wall of crops; the address bar holds the filter and the open cell. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import { address, type CellView, cropOf, type Taxonomy } from "../../api/client";
import { useLongList } from "../../api/pages";
import { reads } from "../../api/people";
import { useGet } from "../../api/resource";
import { type TileProps, VirtualGrid } from "../../grid/VirtualGrid";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Picture } from "../../parts/Picture";
import { goQuery, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { AnsweredChip } from "../agreement/AnsweredChip";
import { CellDialog } from "./CellDialog";
import { useSession } from "../people/session";
import { asQuery, type Filter, isAnswered, isNarrow, readFilter, usualView, usually, viewOf } from "./filter";
import { Filters } from "./Filters";
import { SortRoom } from "./sorting/SortRoom";
import { useBoard } from "./sorting/useBoard";
import { termName } from "./terms";
import { useSteps } from "./useSteps";

const CAPTION = 24;
const CAPTION_FROM = 96;
/** Pictures come in few sizes, so that they are kept by the browser while the slider moves. */
const SIDES = [96, 192, 384] as const;

const sideFor = (size: number): number => {
  const wanted = size * Math.min(window.devicePixelRatio, 2);
  return SIDES.find((side) => side >= wanted) ?? SIDES[2];
};

export function GalleryPage() {
  const words = useWords();
  const { query } = useAddress();
  const { session } = useSession();
  const person = session?.person && reads(session.person) ? session.person : undefined;
  const usual = usualView(person !== undefined);
  const view = viewOf(query, person !== undefined);
  const { data: taxonomy } = useGet("/api/taxonomy");
  const [total, setTotal] = useState<number>();
  // Cells first: what the filters offer is asked for once they are there, as counting it takes the service a while.
  const here = useRef(false);
  here.current ||= total !== undefined;
  const later = here.current ? {} : null;
  const { data: queries } = useGet("/api/queries", later);
  const smears = useGet("/api/smears", later);
  const filter = readFilter(query, usually(view));
  const { size } = filter;
  const ordered = person !== undefined && query.get("order") === "suggested";
  const alive = useBoard(view === "classes" ? address("/api/sorting", {}, { ...asQuery(filter), order: ordered ? "suggested" : null }) : null, person);
  const actions = (
    <>
      <ToggleButtonGroup
        className="view-choice"
        aria-label={words.sorting.view}
        disallowEmptySelection
        selectionMode="single"
        selectedKeys={[view]}
        onSelectionChange={(keys) => {
          const [key] = keys;
          goQuery({ view: key === usual ? null : String(key), pictures: null });
        }}
      >
        <ToggleButton id="classes" className="button">
          {words.sorting.byClass}
        </ToggleButton>
        <ToggleButton id="wall" className="button">
          {words.sorting.wall}
        </ToggleButton>
      </ToggleButtonGroup>
      <span className="count">{total === undefined ? "" : words.gallery.count(total)}</span>
    </>
  );
  return (
    <Page title={words.gallery.title} fill actions={actions}>
      <Filters filter={filter} smears={smears.data ?? []} taxonomy={taxonomy} queries={queries ?? []} usually={usually(view)} />
      {isAnswered(filter) ? <AnsweredChip {...filter} nameOf={(key) => termName(key, taxonomy, words)} /> : null}
      {view === "wall" ? (
        <Wall filter={filter} taxonomy={taxonomy} side={sideFor(size)} onTotal={setTotal} />
      ) : taxonomy ? (
        <SortRoom alive={alive} filter={filter} person={person} taxonomy={taxonomy} side={sideFor(size)} narrow={isNarrow(filter, usually(view))} ordered={ordered} onTotal={setTotal} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

interface WallProps {
  filter: Filter;
  taxonomy: Taxonomy | undefined;
  side: number;
  onTotal: (total: number | undefined) => void;
}

function Wall({ filter, taxonomy, side, onTotal }: WallProps) {
  const words = useWords();
  const { query } = useAddress();
  const open = query.get("cell") ?? undefined;
  const url = address("/api/cells", {}, asQuery(filter));
  const { at, need, total, problem, retry } = useLongList<CellView>(url);
  useEffect(() => onTotal(total), [onTotal, total]);
  const { size } = filter;
  const captioned = size >= CAPTION_FROM;

  const { index, step, opened } = useSteps(open, { at, need, total });

  const tile = useCallback(
    (position: number, props: TileProps) => {
      const view = at(position);
      if (!view) return <span className="tile waiting" />;
      const { cell, kept, consensus } = view;
      const standing = consensus ? (words.standing[consensus.standing] ?? consensus.standing) : "";
      const name = consensus?.term ? termName(consensus.term, taxonomy, words) : standing;
      const verdict = kept ? words.cell.kept : words.cell.repeat;
      const caption = name || (kept ? "" : verdict);
      // What is read on a tile stands in its name word for word, so that it can be spoken to.
      const seen = [cell.crop === null ? words.state.noPhotograph : "", caption].filter(Boolean).join(" ");
      const what = [caption === verdict ? "" : verdict, seen].filter(Boolean).join(", ");
      return (
        <button
          {...props}
          type="button"
          className={kept ? "tile" : "tile repeat"}
          aria-label={words.gallery.tile(position + 1, what)}
          onClick={() => {
            opened(position);
            goQuery({ cell: cell.id }, { replace: false });
          }}
        >
          <Picture src={cropOf(cell, side)} alt="" />{" "}
          {captioned ? <span className="tile-caption one">{caption}</span> : null}
        </button>
      );
    },
    [at, captioned, opened, side, taxonomy, words],
  );
  const heightOf = useMemo(() => (width: number) => width + (captioned ? CAPTION : 0), [captioned]);

  return (
    <>
      {problem ? (
        <Failed problem={problem} onRetry={retry} />
      ) : total === undefined ? (
        <Loading />
      ) : total === 0 && isNarrow(filter) ? (
        <Empty title={words.gallery.empty} hint={words.gallery.emptyHint} />
      ) : total === 0 ? (
        <Empty title={words.gallery.nothing} hint={words.gallery.nothingHint} />
      ) : (
        <VirtualGrid
          label={words.gallery.grid}
          name={url}
          total={total}
          size={size}
          heightOf={heightOf}
          tile={tile}
          onRange={need}
        />
      )}
      <CellDialog
        id={open}
        taxonomy={taxonomy}
        onClose={() => goQuery({ cell: null })}
        onPrevious={index ? () => step(-1) : undefined}
        onNext={index !== undefined && total !== undefined && index < total - 1 ? () => step(1) : undefined}
      />
    </>
  );
}
