/** The next release, step by step. What is said is kept on this device until the release is sealed. */
import { useState } from "react";
import { Button } from "react-aria-components";

import { address } from "../../api/client";
import { curates } from "../../api/people";
import { useJson } from "../../api/resource";
import { Empty, Failed, Loading } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { go, Link, useAddress } from "../../route/router";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { beginning, type Draft, dropDraft, hurdles, readDraft, type ReleaseChoices, type ReleasePreview, type Step, stepFor, stepOf, STEPS, writeDraft } from "./draft";
import { StepAbout } from "./StepAbout";
import { StepCells } from "./StepCells";
import { StepPrivacy } from "./StepPrivacy";
import { StepSeal } from "./StepSeal";
import { StepTables } from "./StepTables";

export interface StepProps {
  draft: Draft;
  choices: ReleaseChoices;
  preview: ReleasePreview | undefined;
  onDraft: (next: Draft) => void;
}

export const stepAddress = (step: Step): string => `/releases/new?step=${step}`;

export function NewReleasePage() {
  const { releases, curate } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const allowed = curates(person);
  const { data, problem, retry } = useJson<ReleaseChoices>(allowed ? "/api/releasing" : null);
  return (
    <Page
      title={releases.make}
      trail={[
        [curate.title, "/curate"],
        [releases.title, "/releases"],
      ]}
    >
      {session && !allowed ? <Empty title={curate.notYours} hint={curate.notYoursHint} /> : null}
      {problem ? <Failed problem={problem} onRetry={retry} /> : null}
      {allowed && !data && !problem ? <Loading /> : null}
      {data && person ? <Wizard choices={data} person={person.id} /> : null}
    </Page>
  );
}

function Wizard({ choices, person }: { choices: ReleaseChoices; person: string }) {
  const words = useWords();
  const { releases } = words;
  const { query } = useAddress();
  const step = stepOf(query.get("step"));
  const [draft, setDraft] = useState<Draft>(() => readDraft(person) ?? beginning(choices));
  const key = draft.preview?.key;
  const { data: preview, problem } = useJson<ReleasePreview>(key ? address("/api/releasing/previews/{preview_id}", { preview_id: key }) : null);
  const put = (next: Draft) => {
    setDraft(next);
    writeDraft(person, next);
  };
  // An old preview goes from the disk; then it is worked out again.
  const known = problem ? undefined : preview;
  const left = hurdles(draft, choices, known);
  const props: StepProps = { draft, choices, preview: known, onDraft: put };
  const at = STEPS.indexOf(step);
  return (
    <>
      <nav aria-label={releases.steps}>
        <ol className="release-steps">
          {STEPS.map((each, place) => {
            const open = left.some((hurdle) => stepFor[hurdle] === each);
            return (
              <li key={each}>
                <Link className="release-step" href={stepAddress(each)} aria-current={each === step ? "step" : undefined}>
                  <span className="step-number" aria-hidden="true">
                    {words.number(place + 1)}
                  </span>
                  {releases.step[each]}
                  {open ? (
                    <span className="step-open">
                      <span aria-hidden="true">•</span>
                      <span className="unseen">{releases.somethingLeft}</span>
                    </span>
                  ) : null}
                </Link>
              </li>
            );
          })}
        </ol>
      </nav>
      <section aria-label={releases.step[step]} className="release-part">
        <h2>{releases.step[step]}</h2>
        <p className="quiet">{releases.stepMeaning[step]}</p>
        {step === "cells" ? <StepCells {...props} /> : null}
        {step === "about" ? <StepAbout {...props} /> : null}
        {step === "privacy" ? <StepPrivacy {...props} /> : null}
        {step === "tables" ? <StepTables {...props} /> : null}
        {step === "seal" ? <StepSeal {...props} left={left} onSealed={() => dropDraft(person)} /> : null}
      </section>
      <div className="row-buttons release-ways">
        {at > 0 ? (
          <Link className="button" href={stepAddress(STEPS[at - 1] as Step)}>
            {releases.back}
          </Link>
        ) : null}
        {at < STEPS.length - 1 ? (
          <Link className="button strong" href={stepAddress(STEPS[at + 1] as Step)}>
            {releases.next(releases.step[STEPS[at + 1] as Step] ?? "")}
          </Link>
        ) : null}
        <Button
          className="button quiet-button"
          onPress={() => {
            dropDraft(person);
            setDraft(beginning(choices));
            go("/releases/new");
          }}
        >
          {releases.beginAnew}
        </Button>
      </div>
      <p className="quiet">{releases.keptHere}</p>
    </>
  );
}
