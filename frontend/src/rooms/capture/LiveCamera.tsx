/** The live camera over the whole window: the picture, how good it is, the edge of the last one, and a large shutter. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { Button, Dialog, Modal, ModalOverlay } from "react-aria-components";

import type { SmearChoice } from "../../offline/photographs/photograph";
import { Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { Choice } from "../people/Choice";
import { paintGhost } from "./ghost";
import { drawn } from "./prepare";
import type { Ghost, Remembered } from "./remembered";
import { useProgress } from "./SlideLine";
import { useCamera } from "./useCamera";
import { useLook } from "./useLook";
import type { Shooting } from "./useShooting";

const GHOSTS: readonly Ghost[] = ["none", "left", "right", "up", "down"];
const GHOST_PX = 960;
/** Keys that take a photograph; the keys for the volume reach a page in some browsers only. */
const SHUTTERS = new Set(["Enter", " ", "AudioVolumeUp", "AudioVolumeDown", "VolumeUp", "VolumeDown"]);

export interface LiveCameraProps {
  smear: SmearChoice;
  choices: Remembered;
  choose: (now: Partial<Remembered>) => void;
  counting: ReactNode;
  shooting: Shooting;
  arrived: number;
  onClose: () => void;
}

export function LiveCamera(props: LiveCameraProps) {
  const { capture } = useWords();
  return (
    <ModalOverlay className="live-veil" isOpen onOpenChange={(open) => open || props.onClose()}>
      <Modal className="live">
        <Dialog aria-label={capture.live} className="live-dialog">
          <Live {...props} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Live({ smear, choices, choose, counting, shooting, arrived, onClose }: LiveCameraProps) {
  const { capture } = useWords();
  const camera = useCamera(choices.camera);
  const { video, size, error, shoot } = camera;
  const look = useLook(video, size);
  const progress = useProgress(smear, arrived);
  const ghost = useRef<HTMLCanvasElement>(null);
  const last = useRef<HTMLCanvasElement>(undefined);
  const [taken, setTaken] = useState(0);
  const busy = useRef(false);
  const paint = useCallback(() => ghost.current && paintGhost(ghost.current, last.current, choices.ghost), [choices.ghost]);
  useEffect(() => {
    const { current: canvas } = ghost;
    if (!canvas || !size) return;
    const scale = Math.min(1, GHOST_PX / Math.max(size.width, size.height));
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    paint();
  }, [size, paint]);
  const { add } = shooting;
  const release = useCallback(async () => {
    if (busy.current || !video.current) return;
    busy.current = true;
    try {
      const file = await shoot();
      if (!file) return;
      const { videoWidth, videoHeight } = video.current;
      last.current = drawn(video.current, videoWidth, videoHeight, GHOST_PX);
      paint();
      setTaken((count) => count + 1);
      void add([file]);
    } finally {
      busy.current = false;
    }
  }, [video, shoot, paint, add]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      // A key held down takes one; on other buttons and lists these keys do what they do there.
      if (!SHUTTERS.has(event.key) || event.repeat || (event.target instanceof Element && event.target.closest("button, a, input, select, [role=radio], [role=option]"))) return;
      event.preventDefault();
      void release();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [release]);
  return (
    <>
      <div className="live-head">
        <span>
          <Latin>{smear.code}</Latin>
          <span className="live-count" role="status" data-taken={taken}>
            {progress ? capture.seenCells(progress.white_cells) : ""} {capture.taken(taken)}
          </span>
        </span>
        <Button className="button" onPress={onClose} aria-label={capture.leave}>
          ✕
        </Button>
      </div>
      <div className="live-picture">
        <video ref={video} autoPlay playsInline muted data-width={size?.width} />
        <canvas ref={ghost} className="live-ghost" aria-hidden="true" />
        {error ? (
          <div className="notice failed live-error" role="alert">
            <p className="notice-title">{capture.noCamera}</p>
            <p>{capture.noCameraWhy[error] ?? ""}</p>
            <p>{capture.noCameraElse}</p>
          </div>
        ) : null}
      </div>
      <div className="live-foot">
        <div className="live-look" data-verdict={look?.verdict}>
          <span className="live-verdict" role="status">
            {look ? (capture.verdicts[look.verdict] ?? "") : ""}
          </span>
          <meter min={0} max={1} low={0.6} optimum={1} value={look?.share ?? 0} aria-label={capture.sharpness}>
            {capture.sharpnessOf(look?.share ?? 0)}
          </meter>
          {size ? <span className="live-size">{capture.resolution(size.width, size.height)}</span> : null}
        </div>
        {counting}
        <div className="live-tools">
          <Choice label={capture.ghost} value={choices.ghost} options={GHOSTS.map((id) => ({ id, name: capture.ghosts[id] ?? id }))} onChange={(id) => choose({ ghost: id as Ghost })} />
          {camera.devices.length > 1 ? (
            <Choice
              label={capture.whichCamera}
              value={camera.device || (camera.devices[0]?.deviceId ?? "")}
              options={camera.devices.map(({ deviceId, label }, index) => ({ id: deviceId, name: label || capture.cameraNumber(index + 1) }))}
              onChange={(device) => {
                camera.choose(device);
                choose({ camera: device });
              }}
            />
          ) : null}
          {camera.torch === undefined ? null : (
            <Button className="button" aria-pressed={camera.torch} onPress={() => camera.setTorch(!camera.torch)}>
              {capture.torch}
            </Button>
          )}
        </div>
        <Button className="shutter" onPress={() => void release()} isDisabled={!size} autoFocus aria-label={capture.shutter}>
          <span aria-hidden="true" />
        </Button>
        <p className="quiet live-keys">{capture.keys}</p>
      </div>
    </>
  );
}
