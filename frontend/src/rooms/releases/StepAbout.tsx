/** What the users of a release are told. */
import { Button, Input, Label, TextArea, TextField } from "react-aria-components";

import { useWords } from "../../words/words";
import { type About, missingOf } from "./draft";
import type { StepProps } from "./NewRelease";

type Text = Exclude<keyof About, "contributors">;
const LONG: readonly Text[] = ["ethics", "terms_of_use", "description"];
const ASKED: readonly (Text | "contributors")[] = ["title", "license", "terms_of_use", "ethics", "contributors", "citation", "contact", "url", "published", "description"];
const NEEDED: Readonly<Partial<Record<string, string>>> = { license: "license or terms_of_use", terms_of_use: "license or terms_of_use", ethics: "ethics", contributors: "contributors", citation: "citation" };

export function StepAbout({ draft, choices, onDraft }: StepProps) {
  const { releases } = useWords();
  const { about } = draft.choice;
  const missing = missingOf(about);
  const put = (over: Partial<About>) => onDraft({ ...draft, choice: { ...draft.choice, about: { ...about, ...over } } });
  const { last } = choices;
  return (
    <>
      {last ? (
        <div className="row-buttons">
          <Button className="button" onPress={() => put({ ...last.about, published: about.published ?? "" })}>
            {releases.answersOf(last.version)}
          </Button>
        </div>
      ) : null}
      <div role="status">
        {missing.length > 0 ? <p className="banner">{releases.missing(missing.map((each) => releases.missingNames[each] ?? each).join(releases.comma))}</p> : <p>{releases.allSaid}</p>}
      </div>
      <div className="entry about-form">
        {ASKED.map((name) => {
          const lacks = missing.includes(NEEDED[name] ?? "");
          const value = name === "contributors" ? (about.contributors ?? []).join("\n") : (about[name] ?? "");
          const change = (text: string) => (name === "contributors" ? put({ contributors: text.split("\n") }) : put({ [name]: text }));
          const long = name === "contributors" || LONG.includes(name);
          return (
            <TextField key={name} className="text-field" value={value} onChange={change} autoComplete="off" maxLength={long ? 10_000 : 500} data-lacks={lacks || undefined}>
              <Label>
                {releases.about[name]}
                {NEEDED[name] ? ` (${name === "license" || name === "terms_of_use" ? releases.oneOfBoth : releases.needed})` : ""}
              </Label>
              {long ? <TextArea dir="auto" rows={name === "contributors" ? 4 : 3} /> : <Input dir="auto" {...(name === "published" ? { placeholder: "2026-05-01", inputMode: "numeric" as const } : {})} />}
            </TextField>
          );
        })}
      </div>
    </>
  );
}
