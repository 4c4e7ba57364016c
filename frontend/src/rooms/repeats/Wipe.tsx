/** Two pictures of one place, one over the other: wiped by dragging or with the arrow keys, or changed at a key. */
import { type PointerEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { useKeys } from "../../keys/useKeys";
import { useWords } from "../../words/words";
import { type Affine, shareAt, type Size, stepped, transformOf } from "./laying";

const STEP = 5;
const BLINK = 600;

export interface WipeProps {
  under: string;
  over: string;
  size: Size;
  overSize?: Size;
  /** From the upper picture to the lower one, in its pixels. */
  onto: Affine;
  label: string;
  /** Drawn over both. */
  children?: ReactNode;
}

const still = () => window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? true;

export function Wipe({ under, over, size, overSize = size, onto, label, children }: WipeProps) {
  const { repeats } = useWords();
  const [share, setShare] = useState(50);
  const [blinks, setBlinks] = useState(false);
  useEffect(() => {
    if (!blinks) return undefined;
    const timer = window.setInterval(() => setShare((now) => (now > 0 ? 0 : 100)), BLINK);
    return () => window.clearInterval(timer);
  }, [blinks]);
  const wipe = (next: number) => {
    setBlinks(false);
    setShare(next);
  };
  // Whoever wants no motion changes the pictures by hand.
  const blink = () => (still() ? wipe(share > 0 ? 0 : 100) : setBlinks(!blinks));
  useKeys({
    ArrowLeft: (event) => {
      event.preventDefault();
      wipe(stepped(share, -STEP));
    },
    ArrowRight: (event) => {
      event.preventDefault();
      wipe(stepped(share, STEP));
    },
    KeyB: () => wipe(share > 0 ? 0 : 100),
  });
  const drag = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons === 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    wipe(shareAt(event.clientX, event.currentTarget.getBoundingClientRect()));
  };
  const edge = (size.width * share) / 100;
  return (
    <div className="wipe" dir="ltr" data-share={Math.round(share)}>
      <svg className="wipe-picture" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label} onPointerDown={drag} onPointerMove={drag}>
        <image href={under} width={size.width} height={size.height} preserveAspectRatio="none" />
        {edge < size.width ? (
          <svg x={edge} y={0} width={size.width - edge} height={size.height} viewBox={`${edge} 0 ${size.width - edge} ${size.height}`} overflow="hidden">
            <rect x={edge} width={size.width - edge} height={size.height} className="wipe-ground" />
            <image href={over} width={overSize.width} height={overSize.height} preserveAspectRatio="none" transform={transformOf(onto)} />
          </svg>
        ) : null}
        {children}
        <line className="wipe-edge" x1={edge} x2={edge} y1={0} y2={size.height} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="wipe-tools">
        <input type="range" min={0} max={100} step={1} value={Math.round(share)} aria-label={repeats.wipe} onChange={(event) => wipe(Number(event.currentTarget.value))} />
        <Button className={blinks ? "button strong" : "button"} aria-pressed={blinks} onPress={blink}>
          {repeats.blink} <kbd>B</kbd>
        </Button>
      </div>
    </div>
  );
}
