/** The whole photograph with the disputed cell's box, as long as the space bar or a finger is held. */
import { disputeAroundPicture, disputeAroundUrl } from "../../api/adjudication";
import type { Around } from "../../api/rounds";
import { useJson } from "../../api/resource";
import { useWords } from "../../words/words";

const WIDEST = 1600;

export function FieldLookOf({ round, item }: { round: string; item: string }) {
  const { label, state } = useWords();
  const { data: around, problem } = useJson<Around>(disputeAroundUrl(round, item));
  if (problem) return <p className="field-look label-wait">{problem.code === "offline" ? state.offline : label.noField}</p>;
  if (!around) return <p className="field-look label-wait">{state.loading}</p>;
  const { width_px: width, height_px: height, x, y } = around;
  return (
    <div className="field-look">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label.fieldName}>
        <image href={disputeAroundPicture(round, item, Math.min(WIDEST, width))} width={width} height={height} />
        <rect className="look-halo" x={x} y={y} width={around.width} height={around.height} />
        <rect className="look-line" x={x} y={y} width={around.width} height={around.height} />
      </svg>
    </div>
  );
}
