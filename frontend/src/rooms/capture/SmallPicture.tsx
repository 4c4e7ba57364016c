/** A picture that lies on this device, painted: the page's content policy loads pictures from the service alone. */
import { useEffect, useRef, useState } from "react";

export interface SmallPictureProps {
  /** A JPEG, PNG or another picture that this browser may read. */
  bytes: BufferSource | null;
  type: string;
  /** Empty where what is around it says all. */
  label: string;
  /** Said where it cannot be shown. */
  otherwise: string;
  className?: string;
}

export function SmallPicture({ bytes, type, label, otherwise, className = "small-picture" }: SmallPictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<boolean>();
  useEffect(() => {
    let gone = false;
    if (!bytes) {
      setShown(false);
      return undefined;
    }
    createImageBitmap(new Blob([bytes], { type })).then(
      (bitmap) => {
        const element = canvas.current;
        if (!gone && element) {
          element.width = bitmap.width;
          element.height = bitmap.height;
          element.getContext("2d")?.drawImage(bitmap, 0, 0);
          setShown(true);
        }
        bitmap.close();
      },
      () => gone || setShown(false),
    );
    return () => {
      gone = true;
    };
  }, [bytes, type]);
  return (
    <span className={className} data-shown={shown}>
      <canvas ref={canvas} {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })} hidden={shown === false} />
      {shown === false ? <span className="picture-missing">{otherwise}</span> : null}
    </span>
  );
}
