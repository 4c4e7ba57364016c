/** All cells of the workspace as a wall of crops; the address bar holds the filter and the open cell. */
import { useCallback, useMemo } from "react";

import { address, type CellView, cropOf } from "../../api/client";
import { useLongList } from "../../api/pages";
import { useGet } from "../../api/resource";
import { type TileProps, VirtualGrid } from "../../grid/VirtualGrid";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Picture } from "../../parts/Picture";
import { goQuery, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { AnsweredChip } from "../agreement/AnsweredChip";
import { CellDialog } from "./CellDialog";
import { asQuery, isAnswered, isNarrow, readFilter } from "./filter";
import { Filters } from "./Filters";
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
  const filter = readFilter(query);
  const open = query.get("cell") ?? undefined;
  const url = address("/api/cells", {}, asQuery(filter));
  const { at, need, total, problem, retry } = useLongList<CellView>(url);
  const smears = useGet("/api/smears");
  const { data: taxonomy } = useGet("/api/taxonomy");
  const { data: queries } = useGet("/api/queries");
  const { size } = filter;
  const captioned = size >= CAPTION_FROM;
  const side = sideFor(size);

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
    <Page
      title={words.gallery.title}
      fill
      actions={<span className="count">{total === undefined ? "" : words.gallery.count(total)}</span>}
    >
      <Filters filter={filter} smears={smears.data ?? []} taxonomy={taxonomy} queries={queries ?? []} />
      {isAnswered(filter) ? <AnsweredChip {...filter} nameOf={(key) => termName(key, taxonomy, words)} /> : null}
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
    </Page>
  );
}
