/** The frame around every page: name, sections, language, and which page an address means. */
import { Button } from "react-aria-components";

import { useGet } from "./api/resource";
import { KeySheet } from "./keys/KeySheet";
import { Page } from "./parts/Page";
import { GalleryPage } from "./rooms/cells/GalleryPage";
import { FieldPage } from "./rooms/fields/FieldPage";
import { SmearPage } from "./rooms/fields/SmearPage";
import { SmearsPage } from "./rooms/smears/SmearsPage";
import { Link, useAddress } from "./route/router";
import { LANGUAGES, useSpeaking, useWords } from "./words/words";

function Room({ path }: { path: string }) {
  const words = useWords();
  const [, room = "", id, more] = path.split("/");
  if (room === "" && id === undefined) return <SmearsPage />;
  if (room === "smears" && id && more === undefined) return <SmearPage key={id} id={id} />;
  if (room === "fields" && id && more === undefined) return <FieldPage id={id} />;
  if (room === "cells" && id === undefined) return <GalleryPage />;
  return (
    <Page title={words.app.notFound}>
      <p>{words.app.notFoundHint}</p>
      <Link className="button strong" href="/">
        {words.app.home}
      </Link>
    </Page>
  );
}

const SmearsMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="2.5" y="7" width="19" height="10" rx="1.5" />
    <line x1="7" y1="7" x2="7" y2="17" />
    <ellipse cx="14" cy="12" rx="4" ry="2.6" />
  </svg>
);
const CellsMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="3" y="3" width="8" height="8" rx="1.5" />
    <rect x="13" y="3" width="8" height="8" rx="1.5" />
    <rect x="3" y="13" width="8" height="8" rx="1.5" />
    <rect x="13" y="13" width="8" height="8" rx="1.5" />
  </svg>
);

export function App() {
  const { words, speak } = useSpeaking();
  const { path } = useAddress();
  const { data: overview } = useGet("/api/overview");
  const inCells = path.startsWith("/cells");
  return (
    <>
      <a className="skip" href="#content">
        {words.app.skip}
      </a>
      <header className="top">
        <Link className="brand" href="/">
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span>buffycoat</span>
        </Link>
        {overview?.simulated ? <span className="mark simulated">{words.app.simulated}</span> : null}
        <nav className="sections" aria-label={words.app.sections}>
          <Link href="/" aria-current={inCells ? undefined : "page"}>
            <SmearsMark />
            {words.app.smears}
          </Link>
          <Link href="/cells" aria-current={inCells ? "page" : undefined}>
            <CellsMark />
            {words.app.cells}
          </Link>
        </nav>
        <span className="top-end">
          {LANGUAGES.filter(({ locale }) => locale !== words.locale).map((other) => (
            <Button key={other.locale} className="plain" onPress={() => speak(other.locale)}>
              <span lang={other.locale}>{other.name}</span>
            </Button>
          ))}
          <KeySheet />
        </span>
      </header>
      <Room path={path} />
    </>
  );
}
