/** Photographing at the microscope: which slide, with which set-up, then shot after shot; all of it without a connection, too. */
import { useState } from "react";

import type { Person } from "../../api/people";
import { SentMark } from "../../offline/SentMark";
import { usePhotographs } from "../../offline/photographs/usePhotographs";
import { useReached } from "../../offline/reach";
import { Empty } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { useWords } from "../../words/words";
import { useSession } from "../people/session";
import { captures } from "./api";
import { ChooseSmear } from "./ChooseSmear";
import { CountingArea } from "./CountingArea";
import { Keeping } from "./Keeping";
import { LiveCamera } from "./LiveCamera";
import { PhotoStrip } from "./PhotoStrip";
import { usePresets, useRemembered, useSmears } from "./remembered";
import { SetUp } from "./SetUp";
import { Shoot } from "./Shoot";
import { SlideLine } from "./SlideLine";
import { useShooting } from "./useShooting";

export function CapturePage() {
  const { capture } = useWords();
  const { session } = useSession();
  const person = session?.person;
  const may = captures(person);
  return (
    <Page title={capture.title} actions={may ? <SentMark className="capture-sent" /> : null}>
      {session && !may ? <Empty title={capture.notYours} hint={capture.signIn} /> : null}
      {person && may ? <Room key={person.id} person={person} /> : null}
    </Page>
  );
}

function Room({ person }: { person: Person }) {
  const reached = useReached();
  const { sender, photographs } = usePhotographs();
  const [choices, choose] = useRemembered(person.id);
  const smears = useSmears(person.id);
  const presets = usePresets(person.id);
  const shooting = useShooting(sender, person, choices, choose);
  const [live, setLive] = useState(false);
  const { smear } = choices;
  const mine = photographs.all.filter((each) => each.smear.code === smear?.code && (each.smear.site ?? "") === (smear?.site ?? ""));
  if (!smear) {
    return (
      <div className="capture-room">
        <Keeping photographs={photographs} sender={sender} />
        <ChooseSmear smears={smears.list} onChoose={(chosen) => choose({ smear: chosen, counting: "unsaid", since: 0 })} />
      </div>
    );
  }
  const counting = <CountingArea value={choices.counting} since={choices.since} onChange={(now) => choose({ counting: now, since: 0 })} />;
  const arrived = mine.filter(({ state }) => state === "arrived").length;
  return (
    <div className="capture-room">
      <Keeping photographs={photographs} sender={sender} />
      <SlideLine
        smear={smear}
        arrived={arrived}
        onAnother={() => {
          choose({ smear: null });
          smears.retry();
        }}
      />
      <div className="capture-how">
        <SetUp presets={presets.list} value={choices.preset} reached={reached} onChange={(preset) => choose({ preset })} onMade={presets.retry} />
        {counting}
      </div>
      <Shoot shooting={shooting} onLive={() => setLive(true)} />
      <PhotoStrip photographs={mine} sending={photographs.sending} sender={sender} onRetake={shooting.add} />
      {live ? (
        <LiveCamera smear={smear} choices={choices} choose={choose} counting={counting} shooting={shooting} arrived={arrived} onClose={() => setLive(false)} />
      ) : null}
    </div>
  );
}
