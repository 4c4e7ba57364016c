/** Photographs that go because each of their cells lives on in another one: both, the shared area, and one over the other. */
import { fieldPicture } from "../../api/client";
import { useJson } from "../../api/resource";
import { Latin } from "../../parts/Facts";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { coveredUrl, type CoveredPair, type CoveredSide } from "./api";
import { type Affine, inverse, type Point, shared, type Size } from "./laying";
import { Wipe } from "./Wipe";

const WIDE = 1024;
const AT_FIRST = 10;

const sizeOf = ({ width_px, height_px }: CoveredSide): Size => ({ width: width_px, height: height_px });
const pointsOf = (outline: readonly Point[]): string => outline.map((point) => point.map((each) => each.toFixed(1)).join(",")).join(" ");

export function CoveredPane({ smear }: { smear: string | null }) {
  const { repeats } = useWords();
  const { data, problem, retry } = useJson<CoveredPair[]>(coveredUrl(smear));
  return (
    <>
      <p className="quiet repeats-meaning">{repeats.coveredMeaning}</p>
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {data === undefined && !problem ? <Loading /> : null}
      {data?.length === 0 ? <Empty title={repeats.noneCovered} hint={repeats.noneCoveredHint} /> : null}
      {data?.map((pair, place) => <Pair key={pair.gone.field_id} pair={pair} open={place < AT_FIRST} />)}
    </>
  );
}

function Pair({ pair, open }: { pair: CoveredPair; open: boolean }) {
  const { repeats } = useWords();
  const onto = pair.onto as Affine | null;
  const back = onto ? inverse(onto) : undefined;
  const onStays = onto ? shared(onto, sizeOf(pair.gone), sizeOf(pair.stays)) : [];
  const onGone = back ? shared(back, sizeOf(pair.stays), sizeOf(pair.gone)) : [];
  return (
    <details className="covered-pair" open={open}>
      <summary>
        <Latin>{pair.smear}</Latin> · {repeats.nthCoveredBy(pair.gone.place, pair.stays.place)}
      </summary>
      <div className="covered-sides">
        <Side side={pair.gone} outline={onGone} name={repeats.goes(pair.gone.place)} />
        <Side side={pair.stays} outline={onStays} name={repeats.stays(pair.stays.place)} />
        {onto ? (
          <figure>
            <Wipe under={fieldPicture(pair.stays.field_id, WIDE)} over={fieldPicture(pair.gone.field_id, WIDE)} size={sizeOf(pair.stays)} overSize={sizeOf(pair.gone)} onto={onto} label={repeats.oneOver}>
              <polygon className="covered-area" points={pointsOf(onStays)} />
            </Wipe>
            <figcaption className="quiet">{repeats.laidOver}</figcaption>
          </figure>
        ) : (
          <p className="notice">{repeats.noMap}</p>
        )}
      </div>
    </details>
  );
}

function Side({ side, outline, name }: { side: CoveredSide; outline: readonly Point[]; name: string }) {
  const { repeats, number } = useWords();
  const letter = side.width_px / 26;
  const there = side.cells.filter(({ number: of }) => of > 0).length;
  return (
    <figure>
      <svg className="covered-photo" direction="ltr" viewBox={`0 0 ${side.width_px} ${side.height_px}`} role="img" aria-label={`${name}. ${repeats.cellsInBoth(there, side.cells.length)}`}>
        <image href={fieldPicture(side.field_id, WIDE)} width={side.width_px} height={side.height_px} />
        {outline.length > 2 ? <polygon className="covered-area" points={pointsOf(outline)} /> : null}
        {side.cells.map(({ cell_id, extent, number: of }) => (
          <g key={cell_id} className={of > 0 ? "covered-cell both" : "covered-cell"}>
            <rect x={extent.left} y={extent.top} width={extent.right - extent.left} height={extent.bottom - extent.top} vectorEffect="non-scaling-stroke" />
            {of > 0 ? (
              <text x={Math.max(extent.left, 0)} y={Math.max(extent.top - letter / 5, letter)} fontSize={letter}>
                {number(of)}
              </text>
            ) : null}
          </g>
        ))}
      </svg>
      <figcaption>
        <Link className="link" href={`/fields/${side.field_id}`}>
          {name}
        </Link>
        <br />
        <span className="quiet">{repeats.cellsInBoth(there, side.cells.length)}</span>
      </figcaption>
    </figure>
  );
}
