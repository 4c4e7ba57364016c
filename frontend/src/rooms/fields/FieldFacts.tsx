/** What is known of a photograph: quality, set-up, scale, and what made it. */
import type { FieldView } from "../../api/client";
import { Facts, Latin } from "../../parts/Facts";
import { useWords } from "../../words/words";
import { RunFacts } from "./RunFacts";

export function FieldFacts({ view }: { view: FieldView }) {
  const words = useWords();
  const { field, capture } = view;
  const { quality, exif } = field;
  const known = (text: string | null | undefined) => (!text || text === "unknown" ? words.field.unknown : <Latin>{text}</Latin>);
  const record = [
    [exif.make, exif.model].filter(Boolean).join(" "),
    exif.f_number ? `f/${exif.f_number}` : "",
    exif.focal_length_mm ? `${exif.focal_length_mm} mm` : "",
    exif.iso ? `ISO ${exif.iso}` : "",
    exif.exposure_seconds ? `1/${Math.round(1 / exif.exposure_seconds)} s` : "",
  ].filter(Boolean);
  return (
    <>
      <section>
        <h2>{words.field.quality}</h2>
        {quality === null ? (
          <p className="quiet">{words.field.unmeasured}</p>
        ) : (
          <Facts
            facts={[
              [words.field.focus, words.number(quality.focus)],
              [words.field.brightness, words.number(quality.brightness)],
              [words.field.clippedDark, words.percent(quality.clipped_dark)],
              [words.field.clippedBright, words.percent(quality.clipped_bright)],
              [words.field.castRed, words.number(quality.cast_red)],
              [words.field.castBlue, words.number(quality.cast_blue)],
            ]}
          />
        )}
      </section>
      <section>
        <h2>{words.field.setUp}</h2>
        <Facts
          facts={[
            [words.field.microscope, known(capture.microscope)],
            [
              words.field.objective,
              capture.objective_magnification ? <Latin>{capture.objective_magnification}×</Latin> : words.field.unknown,
            ],
            [words.field.camera, known(capture.camera)],
            record.length > 0 ? [words.field.exif, <Latin key="exif">{record.join(", ")}</Latin>] : null,
            [
              words.field.size,
              field.width_px === null || field.height_px === null
                ? words.field.unknown
                : words.field.pixels(field.width_px, field.height_px),
            ],
            [
              words.field.scale,
              capture.micrometres_per_pixel
                ? `${words.field.perPixel(capture.micrometres_per_pixel)} (${words.scaleSource[capture.scale_source]})`
                : words.field.unknown,
            ],
            view.in_counting_area === "unsaid" ? null : [words.capture.countingArea, words.capture.countings[view.in_counting_area] ?? view.in_counting_area],
            [
              words.field.redCell,
              field.red_cell_diameter_px === null ? words.field.unknown : `${words.number(field.red_cell_diameter_px)} px`,
            ],
          ]}
        />
      </section>
      <section>
        <h2>{words.field.provenance}</h2>
        <Facts
          facts={[
            [words.cell.id, <Latin key="id">{field.id}</Latin>],
            [words.field.added, words.date(field.ingested_at)],
            [
              words.field.stripped,
              field.stripped.length > 0 ? <Latin key="stripped">{field.stripped.join(", ")}</Latin> : words.field.nothing,
            ],
          ]}
        />
        <RunFacts id={field.run_id} />
      </section>
    </>
  );
}
