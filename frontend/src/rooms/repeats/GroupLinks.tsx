/** What holds a group together: its links as a ring, the weakest marked, and the two pictures of one laid over. */
import { Button } from "react-aria-components";

import { cellPicture } from "../../api/client";
import { useWords } from "../../words/words";
import type { RepeatGroup, RepeatLink } from "./api";
import { type Affine, ofCrops, ring, UNMOVED } from "./laying";
import { Wipe } from "./Wipe";

const SIDE = 400;
const NODE = 12;

export interface GroupLinksProps {
  group: RepeatGroup;
  chosen: number;
  onChoose: (place: number) => void;
}

export function GroupLinks({ group, chosen, onChoose }: GroupLinksProps) {
  const { repeats } = useWords();
  const link = group.links[Math.min(chosen, group.links.length - 1)];
  const numbers = new Map(group.members.map(({ cell_id }, place) => [cell_id, place]));
  const name = ({ a, b }: RepeatLink) => {
    const [one = 0, other = 0] = [a, b].map((cell) => (numbers.get(cell) ?? 0) + 1).sort((x, y) => x - y);
    return repeats.between(one, other);
  };
  return (
    <div className="group-links">
      <div>
        <Ring group={group} numbers={numbers} chosen={link} />
        <ul className="link-list">
          {group.links.map((each, place) => (
            <li key={`${each.a} ${each.b}`}>
              <Button className={each === link ? "button link-pick picked" : "button link-pick"} aria-pressed={each === link} onPress={() => onChoose(place)}>
                <span>{name(each)}</span>
                <span className="quiet">{toldOf(each, repeats)}</span>
                {each.weakest && group.links.length > 1 ? <span className="mark leak">{repeats.weakest}</span> : null}
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {link ? (
        <Wipe
          key={`${link.a} ${link.b}`}
          under={cellPicture(link.a, SIDE)}
          over={cellPicture(link.b, SIDE)}
          size={{ width: SIDE, height: SIDE }}
          onto={link.warp ? ofCrops(link.warp as Affine, SIDE) : UNMOVED}
          label={`${repeats.oneOver}: ${name(link)}`}
        />
      ) : null}
    </div>
  );
}

type Repeats = ReturnType<typeof useWords>["repeats"];

function toldOf({ evidence, correlation, average_bits, perceptual_bits }: RepeatLink, repeats: Repeats): string {
  const why = repeats.evidence[evidence ?? "word"] ?? "";
  const figure = correlation == null ? repeats.apartBy(average_bits, perceptual_bits) : repeats.correlates(correlation);
  return `${why} · ${figure}`;
}

function Ring({ group, numbers, chosen }: { group: RepeatGroup; numbers: ReadonlyMap<string, number>; chosen: RepeatLink | undefined }) {
  const { repeats, number } = useWords();
  const places = ring(group.members.length);
  const at = (cell: string) => places[numbers.get(cell) ?? 0] ?? [50, 50];
  return (
    <svg className="group-ring" viewBox="-4 4 108 96" role="img" aria-label={repeats.linksOf(group.links.length)} direction="ltr">
      {group.links.map((link) => {
        const [[x1, y1], [x2, y2]] = [at(link.a), at(link.b)];
        const weak = link.weakest && group.links.length > 1;
        return <line key={`${link.a} ${link.b}`} className={`ring-link${weak ? " weakest" : ""}${link === chosen ? " chosen" : ""}`} x1={x1} y1={y1} x2={x2} y2={y2} />;
      })}
      {group.members.map(({ cell_id, kept }, place) => {
        const [x, y] = places[place] ?? [50, 50];
        return (
          <g key={cell_id}>
            <image href={cellPicture(cell_id, 96)} x={x - NODE} y={y - NODE} width={2 * NODE} height={2 * NODE} />
            <rect className={kept ? "ring-node kept" : "ring-node"} x={x - NODE} y={y - NODE} width={2 * NODE} height={2 * NODE} />
            <circle className="ring-badge" cx={x - NODE} cy={y - NODE} r={4} />
            <text className="ring-number" x={x - NODE} y={y - NODE + 1.8} textAnchor="middle">
              {number(place + 1)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
