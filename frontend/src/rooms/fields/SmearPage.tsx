/** One smear: its photographs as a grid. */
import { useCallback } from "react";

import { address, type FieldView, photograph } from "../../api/client";
import { useLongList } from "../../api/pages";
import { useGet } from "../../api/resource";
import { type TileProps, VirtualGrid } from "../../grid/VirtualGrid";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";

/** A phone shows two in a row. */
const tileSize = (): number => (window.innerWidth < 640 ? 160 : 232);
const CAPTION = 52;
const PREVIEW = 480;

export function SmearPage({ id }: { id: string }) {
  const words = useWords();
  const list = useLongList<FieldView>(address("/api/smears/{smear_id}/fields", { smear_id: id }));
  const funnels = useGet("/api/smears");
  const funnel = funnels.data?.find((each) => each.smear.id === id);
  const smear = funnel?.smear;
  const { at, total } = list;
  const tile = useCallback(
    (index: number, props: TileProps) => {
      const view = at(index);
      if (!view) return <span className="tile waiting" />;
      const { field, cells, covered_by } = view;
      return (
        <Link
          {...props}
          href={`/fields/${field.id}`}
          className="tile"
        >
          <Picture wide src={photograph(field, PREVIEW)} alt="" />
          <span className="tile-caption">
            <span>
              <span className="unseen">{words.field.bare} </span>
              <b>{words.number(index + 1)}</b> · {words.fields.cellCount(cells)}
            </span>
            <span className="quiet">
              {field.quality === null ? null : `${words.fields.focus} ${words.number(field.quality.focus)}`}
              {covered_by ? <span className="mark covered">{words.fields.coveredBy}</span> : null}
            </span>
          </span>
        </Link>
      );
    },
    [at, words],
  );
  const title = smear ? words.fields.title(smear.code) : words.app.smears;
  return (
    <Page title={title} fill trail={[[words.app.smears, "/"]]}>
      <div className="page-line">
        {total === undefined ? null : <span>{words.fields.count(total)}</span>}
        {smear ? (
          <>
            <span>{words.stain[smear.stain] ?? smear.stain}</span>
            <span>
              {words.fields.diagnosis}: {words.diagnosis[smear.diagnosis] ?? smear.diagnosis}
            </span>
            {funnel ? <span>{words.smears.shareKept(funnel.kept, funnel.elements)}</span> : null}
          </>
        ) : null}
        <Link className="link" href={`/cells?smear=${encodeURIComponent(id)}`}>
          {words.fields.gallery}
        </Link>
        <Link className="link" href={`/smears/${encodeURIComponent(id)}/differential`}>
          {words.differential.link}
        </Link>
      </div>
      {list.problem ? (
        <Failed problem={list.problem} onRetry={list.retry} />
      ) : total === undefined ? (
        <Loading />
      ) : total === 0 ? (
        <Empty title={words.fields.empty} hint={words.fields.emptyHint} />
      ) : (
        <VirtualGrid
          label={words.fields.grid}
          name={`smear ${id}`}
          total={total}
          size={tileSize()}
          heightOf={(width) => width * 0.75 + CAPTION}
          tile={tile}
          onRange={list.need}
        />
      )}
    </Page>
  );
}
