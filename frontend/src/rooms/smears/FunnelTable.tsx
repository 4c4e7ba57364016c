/** What became of each smear. On a narrow screen each row is a card; roles keep it a table for screen readers. */
import { type Funnel, photograph } from "../../api/client";
import { useGet } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";

export function FunnelTable({ funnels }: { funnels: readonly Funnel[] }) {
  const { smears: words } = useWords();
  const numbers = [words.photographs, words.elements, words.repeats, words.covered, words.kept];
  return (
    <table className="funnels" role="table" aria-label={words.caption}>
      <thead role="rowgroup">
        <tr role="row">
          {[words.smear, words.stain, words.setUp].map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
          {numbers.map((name) => (
            <th key={name} role="columnheader" scope="col" className="number">
              {name}
            </th>
          ))}
          <th role="columnheader" scope="col">
            {words.share}
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {funnels.map((funnel) => (
          <Row key={funnel.smear.id} funnel={funnel} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ funnel }: { funnel: Funnel }) {
  const words = useWords();
  const { smear } = funnel;
  // The first photograph gives the picture and the set-up.
  const { data: page } = useGet("/api/smears/{smear_id}/fields", { smear_id: smear.id }, { limit: 1 });
  const first = page?.items[0];
  const setUp = first
    ? [first.capture.microscope, first.capture.camera].filter((name) => name && name !== "unknown").join(", ")
    : "";
  const numbers = [
    [words.smears.photographs, funnel.photographs],
    [words.smears.elements, funnel.elements],
    [words.smears.repeats, funnel.repeats],
    [words.smears.covered, funnel.covered],
    [words.smears.kept, funnel.kept],
  ] as const;
  return (
    <tr role="row">
      <th role="rowheader" scope="row" className="smear-name">
        <Link href={`/smears/${smear.id}`}>
          {first ? <Picture wide src={photograph(first.field, 160)} alt="" /> : <span className="picture wide" />}
          <span>
            <Latin>{smear.code}</Latin>
            {smear.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
          </span>
        </Link>
      </th>
      <td role="cell" data-label={words.smears.stain}>
        {words.stain[smear.stain] ?? smear.stain}
      </td>
      <td role="cell" data-label={words.smears.setUp}>
        {setUp ? <Latin>{setUp}</Latin> : page ? words.field.unknown : "…"}
      </td>
      {numbers.map(([name, count]) => (
        <td key={name} role="cell" className="number" data-label={name}>
          {words.number(count)}
          {name === words.smears.photographs && funnel.crop_only > 0 ? (
            <small className="quiet"> + {words.smears.cropOnly(funnel.crop_only)}</small>
          ) : null}
        </td>
      ))}
      <td role="cell" className="share" data-label={words.smears.share}>
        {funnel.elements > 0 ? <Bar kept={funnel.kept} elements={funnel.elements} /> : "–"}
      </td>
    </tr>
  );
}

function Bar({ kept, elements }: { kept: number; elements: number }) {
  const words = useWords();
  const share = kept / elements;
  return (
    <span className="bar-line">
      <span className="bar" role="img" aria-label={words.smears.shareKept(kept, elements)}>
        <span style={{ inlineSize: `${share * 100}%` }} />
      </span>
      <span className="number">{words.percent(share)}</span>
    </span>
  );
}
