/** The threshold of the nucleus: the histogram with the lines of Otsu, the slider below it, and steps as buttons. */
import { useMemo } from "react";

import { useWords } from "../../words/words";
import { pressed } from "../label/touch";
import type { MaskStart } from "./api";
import type { Edit } from "./edit";
import { histogram, type Keep } from "./pixels";

const STEPS = [-20, -10, -5, -1, 1, 5, 10, 20] as const;
/** Sizes of the smallest region that one may ask for, in pixels. */
const LEASTS = [0, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;
const HIGH = 48;
const KEEPS: readonly Keep[] = ["lobes", "largest", "all"];

export interface ThresholdProps {
  start: MaskStart;
  channel: Uint8Array;
  edit: Edit;
  level: number;
  disabled: boolean;
  onLevel: (level: number, same: boolean) => void;
  onChange: (next: Edit) => void;
}

export function Threshold({ start, channel, edit, level, disabled, onLevel, onChange }: ThresholdProps) {
  const { masks, number } = useWords();
  const { levels, threshold } = start;
  const bars = useMemo(() => {
    const counts = histogram(channel).map((each) => Math.log1p(each));
    const most = Math.max(...counts, 1);
    return `M0 ${HIGH}${counts.map((each, at) => `V${(HIGH - (each / most) * (HIGH - 4)).toFixed(1)}H${at + 1}`).join("")}V${HIGH}Z`;
  }, [channel]);
  const used = edit.nucleus.from === "threshold";
  const weight = levels && levels.t2 !== levels.t_up ? Math.min(1, Math.max(0, (level - levels.t_up) / (levels.t2 - levels.t_up))) : 0;
  const name = masks.level(number(level));
  return (
    <section className="mask-panel" aria-label={masks.threshold}>
      <div className="mask-line-head">
        <h2>{masks.threshold}</h2>
        <output className={used ? "mask-level" : "mask-level quiet"}>{used ? number(level) : masks.notUsed}</output>
      </div>
      <div className="mask-slider" dir="ltr">
        <svg viewBox={`0 0 256 ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={masks.histogram}>
          <path className="bars" d={bars} />
          {levels ? (
            <>
              <line className="otsu two" x1={levels.t2 + 0.5} x2={levels.t2 + 0.5} y1="0" y2={HIGH} />
              <line className="otsu low" x1={levels.t_low + 0.5} x2={levels.t_low + 0.5} y1="0" y2={HIGH} />
              <line className="otsu up" x1={levels.t_up + 0.5} x2={levels.t_up + 0.5} y1="0" y2={HIGH} />
            </>
          ) : null}
          <line className="now" x1={level + 0.5} x2={level + 0.5} y1="0" y2={HIGH} />
        </svg>
        <input
          type="range"
          min={0}
          max={255}
          step={1}
          value={level}
          disabled={disabled}
          aria-label={masks.threshold}
          aria-valuetext={name}
          onChange={(event) => onLevel(event.currentTarget.valueAsNumber, true)}
          onWheel={(event) => !disabled && onLevel(level - Math.sign(event.deltaY), true)}
        />
      </div>
      <div className="mask-steps" dir="ltr" role="group" aria-label={masks.steps}>
        {STEPS.map((by) => (
          <button key={by} type="button" className="tool" disabled={disabled} aria-label={masks.step(by)} {...pressed(() => onLevel(level + by, false))}>
            {masks.signed(by)}
          </button>
        ))}
      </div>
      <details className="mask-more">
        <summary>{masks.more}</summary>
        <div className="mask-choices" role="group" aria-label={masks.kept}>
          {KEEPS.map((keep) => (
            <button key={keep} type="button" className="tool" disabled={disabled} aria-pressed={edit.keep === keep} {...pressed(() => onChange({ ...edit, keep }))}>
              {masks.keep[keep]}
            </button>
          ))}
        </div>
        <label className="mask-check">
          <input type="checkbox" checked={edit.fill} disabled={disabled} onChange={() => onChange({ ...edit, fill: !edit.fill })} />
          {masks.fill}
        </label>
        <label className="mask-weight">
          {masks.least(number(edit.least))}
          <span dir="ltr">
            <input
              type="range"
              min={0}
              max={LEASTS.length - 1}
              step={1}
              value={LEASTS.findLastIndex((each) => each <= edit.least)}
              disabled={disabled || !used}
              aria-valuetext={masks.pixels(edit.least)}
              onChange={(event) => onChange({ ...edit, least: LEASTS[event.currentTarget.valueAsNumber] ?? 0 })}
            />
          </span>
        </label>
        {levels && threshold !== null ? (
          <>
            <ul className="mask-legend">
              <li className="two">{masks.two(number(levels.t2))}</li>
              <li className="low">{masks.low(number(levels.t_low))}</li>
              <li className="up">{masks.up(number(levels.t_up))}</li>
            </ul>
            <label className="mask-weight">
              {masks.weight}
              <span dir="ltr">
                <input
                  type="range"
                  min={0}
                  max={1}
                  step={0.05}
                  value={weight}
                  disabled={disabled || levels.t2 === levels.t_up}
                  onChange={(event) => onLevel(Math.floor(levels.t_up + event.currentTarget.valueAsNumber * (levels.t2 - levels.t_up)), true)}
                />
              </span>
            </label>
          </>
        ) : null}
      </details>
    </section>
  );
}
