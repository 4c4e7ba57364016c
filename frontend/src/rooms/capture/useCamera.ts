/** A camera of this device, as large as it gives: opened, chosen, lit, and read frame by frame. */
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

import { asJpeg } from "./prepare";

/** Asked for as a wish: a camera gives the nearest it has. */
const WISH = { width: { ideal: 4096 }, height: { ideal: 3072 } };

/** Whether there is a live camera at all: only over TLS, or on this machine. */
export const hasCameras = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

export interface Camera {
  video: RefObject<HTMLVideoElement | null>;
  /** Size of its frames; nothing before the first. */
  size: { width: number; height: number } | undefined;
  /** Why none opened: the name of the browser's error. */
  error: string | undefined;
  devices: readonly MediaDeviceInfo[];
  device: string;
  choose: (device: string) => void;
  /** Whether it has a light, and whether that is on. */
  torch: boolean | undefined;
  setTorch: (on: boolean) => void;
  /** The frame that is shown now, as a JPEG in full size and without loss that could be seen. */
  shoot: () => Promise<File | undefined>;
}

const lit = (track: MediaStreamTrack | undefined): boolean => ((track?.getCapabilities?.() ?? {}) as { torch?: boolean }).torch === true;

export function useCamera(first: string, wish: MediaTrackConstraints = WISH): Camera {
  const video = useRef<HTMLVideoElement>(null);
  const stream = useRef<MediaStream | undefined>(undefined);
  const [device, setDevice] = useState(first);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);
  const [size, setSize] = useState<{ width: number; height: number }>();
  const [error, setError] = useState<string>();
  const [torch, setLight] = useState<boolean>();
  useEffect(() => {
    let gone = false;
    const open = async () => {
      const which: MediaTrackConstraints = device ? { deviceId: { exact: device } } : { facingMode: { ideal: "environment" } };
      const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wish, ...which } });
      if (gone) return opened.getTracks().forEach((track) => track.stop());
      stream.current = opened;
      setError(undefined);
      setLight(lit(opened.getVideoTracks()[0]) ? false : undefined);
      setDevices((await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput"));
      if (video.current) video.current.srcObject = opened;
    };
    open().catch((reason: unknown) => {
      if (gone) return;
      // A camera that was chosen once may not be connected today.
      if (device && reason instanceof DOMException && reason.name !== "NotAllowedError") setDevice("");
      else setError(reason instanceof Error ? reason.name : "Error");
    });
    return () => {
      gone = true;
      stream.current?.getTracks().forEach((track) => track.stop());
      stream.current = undefined;
      setSize(undefined);
    };
  }, [device, wish]);
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    const sized = () => element.videoWidth > 0 && setSize({ width: element.videoWidth, height: element.videoHeight });
    element.addEventListener("loadeddata", sized);
    element.addEventListener("resize", sized);
    return () => {
      element.removeEventListener("loadeddata", sized);
      element.removeEventListener("resize", sized);
    };
  }, []);
  const setTorch = useCallback((on: boolean) => {
    const [track] = stream.current?.getVideoTracks() ?? [];
    void track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(
      () => setLight(on),
      () => setLight(undefined),
    );
  }, []);
  const shoot = useCallback(async (): Promise<File | undefined> => {
    const element = video.current;
    if (!element?.videoWidth) return undefined;
    const canvas = document.createElement("canvas");
    canvas.width = element.videoWidth;
    canvas.height = element.videoHeight;
    canvas.getContext("2d")?.drawImage(element, 0, 0);
    // The highest quality keeps the colors of every pixel; one step below, each four share theirs.
    const jpeg = await asJpeg(canvas, 1);
    return jpeg ? new File([jpeg], "camera.jpg", { type: "image/jpeg", lastModified: Date.now() }) : undefined;
  }, []);
  return { video, size, error, devices, device, choose: setDevice, torch, setTorch, shoot };
}
