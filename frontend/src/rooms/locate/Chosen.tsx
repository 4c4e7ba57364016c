/** The box that is chosen: larger, with where it is from and how large it is. */
import { Glass } from "../../canvas/Glass";
import type { Size } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import type { Held } from "./boxes";

const SIDE = 200;
const SHARE = 0.7;

export interface ChosenProps {
  held: Held | undefined;
  term: string;
  empty: boolean;
  mayDraw: boolean;
  picture: Size;
  src: string | null;
  /** How many suggestions were removed, and how they come back. */
  removed: number;
  onRestore: () => void;
}

export function Chosen({ held, term, empty, mayDraw, picture, src, removed, onRestore }: ChosenProps) {
  const words = useWords();
  const { locate } = words;
  if (!held) {
    return (
      <div className="locate-hint">
        <p className="quiet">{!mayDraw ? locate.noneReadOnly : empty ? locate.empty : locate.none}</p>
        {removed > 0 ? (
          <button type="button" className="button" onClick={onRestore}>
            {locate.restoreAll(removed)}
          </button>
        ) : null}
      </div>
    );
  }
  const { place } = held;
  const [width, height] = [place.right - place.left, place.bottom - place.top];
  const from = held.by ? locate.by(held.by) : held.suggested === null ? "" : locate.foundBy(words.foundBy[held.foundBy] ?? held.foundBy);
  return (
    <section className="chosen-box" aria-label={locate.chosen}>
      {src === null ? null : (
        <Glass
          src={src}
          picture={picture}
          middle={{ x: (place.left + place.right) / 2, y: (place.top + place.bottom) / 2 }}
          k={(SHARE * SIDE) / Math.max(width, height)}
          side={SIDE}
          box={place}
          className="glass chosen-glass"
          name={locate.chosenPicture}
        />
      )}
      <p>
        <span className={`box-state ${held.state}`}>{locate.state[held.state]}</span> {from}
      </p>
      <p className="quiet">
        <bdi dir="ltr">{locate.size(width, height)}</bdi>
        {term ? ` · ${term}` : ""}
      </p>
      {mayDraw ? <p className="quiet type-meaning">{locate.typeMeaning}</p> : null}
    </section>
  );
}
