/** Tables 3 to 7 as they will be. */
import { Empty } from "../../parts/Notice";
import { Link } from "../../route/router";
import { useWords } from "../../words/words";
import { Counted } from "./Counted";
import { restsOn } from "./draft";
import type { StepProps } from "./NewRelease";
import { PrintedTables } from "./PrintedTables";

export function StepTables({ draft, preview }: StepProps) {
  const { releases } = useWords();
  if (!preview) {
    return (
      <Empty title={releases.noPreview} hint={releases.noPreviewHint}>
        <Link className="button" href="/releases/new?step=privacy">
          {releases.step["privacy"]}
        </Link>
      </Empty>
    );
  }
  return (
    <>
      {draft.preview?.of === restsOn(draft.choice) ? null : <p className="banner">{releases.stale}</p>}
      <Counted preview={preview} />
      <PrintedTables tables={preview.tables} />
    </>
  );
}
