/** One cell, large, on neutral gray. Its crop is decoded already and drawn in the frame after the key. */
import { type PointerEvent, useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from "react";
import { Button } from "react-aria-components";

import { useViewport } from "../../canvas/useViewport";
import { fit } from "../../canvas/viewport";
import { useWords } from "../../words/words";
import type { Crop } from "./pictures";

/** The ground that a crop is laid on, in its own units: one size for all, so that the next cell moves nothing. */
const GROUND = { width: 400, height: 400 };
const SWIPE = 60;

export interface StageHandle {
  zoomIn: () => void;
  fit: () => void;
}

export interface StageProps {
  ref: Ref<StageHandle>;
  item: string | undefined;
  /** What a screen reader calls it. */
  name: string;
  crop: Crop | undefined;
  onRetry: () => void;
  onSwipe: (to: "up" | "left" | "right") => void;
}

export function Stage({ ref, item, name, crop, onRetry, onSwipe }: StageProps) {
  const { state, label } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const viewport = useViewport(frame, GROUND);
  const { view, handlers } = viewport;
  useImperativeHandle(ref, () => ({ zoomIn: viewport.zoomIn, fit: viewport.fit }));

  const bitmap = crop && "bitmap" in crop ? crop.bitmap : undefined;
  const ready = view !== undefined;
  useLayoutEffect(() => {
    const { current: element } = canvas;
    if (!element) return;
    if (bitmap) {
      element.width = bitmap.width;
      element.height = bitmap.height;
      element.getContext("2d")?.drawImage(bitmap, 0, 0);
      element.dataset["painted"] = item;
    } else {
      // The cell before must not stand there as if it were this one.
      element.getContext("2d")?.clearRect(0, 0, element.width, element.height);
      delete element.dataset["painted"];
    }
  }, [bitmap, item, ready]);

  // Each cell is first seen whole.
  const { fit: fitNow } = viewport;
  const refit = useRef(fitNow);
  useEffect(() => {
    refit.current = fitNow;
  });
  useLayoutEffect(() => refit.current(), [item]);

  const pressed = useRef<{ id: number; x: number; y: number; whole: boolean; others: boolean }>(undefined);
  const whole = () => {
    const { current: element } = frame;
    return !element || !view || view.k <= fit({ width: element.clientWidth, height: element.clientHeight }, GROUND).k * 1.02;
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== "mouse") {
      if (pressed.current) pressed.current.others = true;
      else pressed.current = { id: event.pointerId, x: event.clientX, y: event.clientY, whole: whole(), others: false };
    }
    handlers.onPointerDown(event);
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    const { current: press } = pressed;
    if (press?.id === event.pointerId) {
      pressed.current = undefined;
      const [x, y] = [event.clientX - press.x, event.clientY - press.y];
      if (press.whole && !press.others) {
        if (y < -SWIPE && Math.abs(x) < -y / 2) onSwipe("up");
        else if (Math.abs(x) > SWIPE && Math.abs(y) < Math.abs(x) / 2) onSwipe(x > 0 ? "right" : "left");
      }
    }
    handlers.onPointerUp(event);
  };
  const onPointerCancel = (event: PointerEvent<HTMLElement>) => {
    pressed.current = undefined;
    handlers.onPointerCancel(event);
  };

  return (
    <div
      ref={frame}
      className={viewport.dragging ? "canvas-frame label-frame dragging" : "canvas-frame label-frame"}
      {...handlers}
      onPointerDown={onPointerDown}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerCancel}
    >
      {view ? (
        <div className="stage" style={{ ...GROUND, transform: `translate(${view.x}px, ${view.y}px) scale(${view.k})` }}>
          <canvas ref={canvas} className="crop" role="img" aria-label={name} />
        </div>
      ) : null}
      {crop === undefined ? <p className="label-wait">{state.loading}</p> : null}
      {crop && "failed" in crop ? (
        <div className="label-wait">
          <p>{label.noPicture}</p>
          <Button className="button" onPress={onRetry}>
            {state.retry}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
