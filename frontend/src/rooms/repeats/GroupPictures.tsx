/** The pictures of one cell, the kept one first, with sharpness, class, and a button to keep another one. */
import { Button } from "react-aria-components";

import { cellPicture } from "../../api/client";
import { useGet } from "../../api/resource";
import { KeptMark } from "../../parts/KeptMark";
import { Picture } from "../../parts/Picture";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { termName } from "../cells/terms";
import type { RepeatGroup } from "./api";

export interface GroupPicturesProps {
  group: RepeatGroup;
  busy: boolean;
  onKeep: (place: number) => void;
}

export function GroupPictures({ group, busy, onKeep }: GroupPicturesProps) {
  const words = useWords();
  const { repeats, number } = words;
  const { data: taxonomy } = useGet("/api/taxonomy");
  return (
    <ol className="group-pictures">
      {group.members.map((member, place) => (
        <li key={member.cell_id} data-kept={member.kept} data-cell={member.cell_id}>
          <Link href={`/cells?cell=${member.cell_id}`} aria-label={repeats.nthPicture(place + 1)}>
            <Picture src={cellPicture(member.cell_id, 240)} alt="" />
          </Link>
          <p>
            <span className="group-number">{number(place + 1)}</span> {member.kept ? <KeptMark kept /> : null} {member.term ? <bdi>{termName(member.term, taxonomy, words)}</bdi> : null}
          </p>
          <p className="quiet">{repeats.sharpness(member.sharpness)}</p>
          {member.kept ? null : (
            <Button className="button" isDisabled={busy || group.read} onPress={() => onKeep(place)}>
              {repeats.keepThis} {place < 9 ? <kbd>{place + 1}</kbd> : null}
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
