/** What is known of one cell, and the other pictures of it. */
import { type CellView, cellPicture, cropOf, type Edge, laidOver, type Taxonomy } from "../../api/client";
import { useGet } from "../../api/resource";
import { Facts, Latin } from "../../parts/Facts";
import { KeptMark } from "../../parts/KeptMark";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "./terms";

export function CellFacts({ view, taxonomy }: { view: CellView; taxonomy: Taxonomy | undefined }) {
  const words = useWords();
  const { cell, consensus } = view;
  const unlabeled = view.kept ? words.cell.notShown : words.cell.ofKept;
  return (
    <Facts
      facts={[
        [words.cell.verdict, <KeptMark key="kept" kept={view.kept} />],
        [words.cell.label, consensus?.term ? termName(consensus.term, taxonomy, words) : consensus ? "–" : unlabeled],
        consensus ? [words.cell.standing, words.standing[consensus.standing] ?? consensus.standing] : null,
        [words.cell.score, cell.score === null ? words.cell.drawn : words.number(cell.score)],
        [words.cell.foundBy, [cell.found_by, ...cell.agreed].map((finder) => words.foundBy[finder] ?? finder).join(" + ")],
        cell.sharpness === null ? null : [words.cell.sharpness, words.number(cell.sharpness)],
        [words.cell.size, words.field.pixels(cell.extent.right - cell.extent.left, cell.extent.bottom - cell.extent.top)],
        [words.cell.id, <Latin key="id">{cell.id}</Latin>],
      ]}
    />
  );
}

/** The pictures of one cell side by side, each a link to its photograph. */
export function Repeats({ view }: { view: CellView }) {
  const words = useWords();
  const { group } = view;
  if (!group) return view.cell.crop === null ? null : <p className="quiet">{words.cell.noRepeats}</p>;
  const members = [group.kept, ...group.cells.filter((id) => id !== group.kept)];
  return (
    <section className="repeats">
      <h3>
        {words.cell.repeats} ({words.number(members.length)})
      </h3>
      <ul>
        {members.map((id) => (
          <RepeatOf key={id} id={id} view={view} />
        ))}
      </ul>
      {group.edges
        .filter(({ a, b, warp }) => warp && (a === view.cell.id || b === view.cell.id))
        .map((edge) => (
          <LaidOver key={`${edge.a} ${edge.b}`} edge={edge} />
        ))}
    </section>
  );
}

/** Why two pictures are one cell: both, and the one laid upon the other. */
function LaidOver({ edge }: { edge: Edge }) {
  const words = useWords();
  const said = words.evidence[edge.evidence ?? "registration"] ?? edge.evidence;
  return (
    <figure className="laid-over">
      <Picture src={laidOver(edge.a, edge.b)} alt={words.cell.laidOver(edge.a, edge.b)} />
      <figcaption className="quiet">
        {said}
        {edge.correlation === null ? null : `, ${words.cell.correlation} ${words.number(edge.correlation)}`}
      </figcaption>
    </figure>
  );
}

function RepeatOf({ id, view }: { id: string; view: CellView }) {
  const words = useWords();
  const { data } = useGet("/api/cells/{cell_id}", { cell_id: id });
  const edge = view.group?.edges.find(({ a, b }) => (a === id && b === view.cell.id) || (b === id && a === view.cell.id));
  const here = id === view.cell.id;
  const sharpness = data?.cell.sharpness ?? null;
  const measured = sharpness === null ? "" : `${words.cell.sharpness} ${words.number(sharpness)}`;
  const caption = (
    <>
      <Picture src={data ? cropOf(data.cell, 192) : cellPicture(id, 192)} alt={words.cell.picture(id)} />
      <KeptMark kept={id === view.group?.kept} />
      <span className="quiet">{data ? measured : words.state.loading}</span>
      {here ? <span className="quiet">{words.cell.thisOne}</span> : null}
      {edge ? <span className="quiet">{words.cell.alike(edge.average_hash_distance, edge.perceptual_hash_distance)}</span> : null}
    </>
  );
  return (
    <li>
      {data && !here ? (
        <Link className="repeat-link" href={placeOf(data)}>
          {caption}
        </Link>
      ) : (
        <span className="repeat-link here">{caption}</span>
      )}
    </li>
  );
}

/** The address of a cell in its photograph. */
export const placeOf = ({ cell }: CellView): string => `/fields/${cell.field_id}?cell=${cell.id}`;
