/** The frame around every page: name, sections, language, and which page an address means. */
import { useEffect } from "react";
import { Button } from "react-aria-components";

import { curates } from "./api/people";
import { useGet } from "./api/resource";
import { KeySheet } from "./keys/KeySheet";
import { AwayPage } from "./offline/AwayPage";
import { OfflineLine } from "./offline/OfflineLine";
import { useStranded } from "./offline/reach";
import { Page } from "./parts/Page";
import { AdjudicatePage } from "./rooms/adjudicate/AdjudicatePage";
import { AdjudicationsPage } from "./rooms/adjudicate/AdjudicationsPage";
import { AgreementPage } from "./rooms/agreement/AgreementPage";
import { FiltersPage } from "./rooms/filters/FiltersPage";
import { TrainPage } from "./rooms/filters/TrainPage";
import { CapturePage } from "./rooms/capture/CapturePage";
import { GalleryPage } from "./rooms/cells/GalleryPage";
import { CuratePage } from "./rooms/curate/CuratePage";
import { isCurating } from "./rooms/curate/places";
import { MetadataPage } from "./rooms/metadata/MetadataPage";
import { ProgressPage } from "./rooms/progress/ProgressPage";
import { NewReleasePage } from "./rooms/releases/NewRelease";
import { ReleasesPage } from "./rooms/releases/ReleasesPage";
import { DifferentialPage } from "./rooms/differential/DifferentialPage";
import { ErrataPage } from "./rooms/errata/ErrataPage";
import { FieldPage } from "./rooms/fields/FieldPage";
import { JobsPage } from "./rooms/jobs/JobsPage";
import { LocatePage } from "./rooms/locate/LocatePage";
import { MisplacedPage } from "./rooms/locate/MisplacedPage";
import { MaskSheetPage, OneMaskPage } from "./rooms/masks/MaskPage";
import { MasksPage } from "./rooms/masks/MasksPage";
import { LabelPage } from "./rooms/label/LabelPage";
import { RoundsPage } from "./rooms/label/RoundsPage";
import { AuditPage } from "./rooms/audit/AuditPage";
import { AccountPage } from "./rooms/people/AccountPage";
import { JoinPage, SetupPage, SignInPage } from "./rooms/people/EntryPages";
import { PeoplePage } from "./rooms/people/PeoplePage";
import { isOpenPath, toSignIn, useSession } from "./rooms/people/session";
import { SignedIn } from "./rooms/people/SignedIn";
import { SignedInPage, SignInAgain } from "./rooms/people/SignInAgain";
import { SmearPage } from "./rooms/fields/SmearPage";
import { SlidesPage } from "./rooms/slides/SlidesPage";
import { SmearsPage } from "./rooms/smears/SmearsPage";
import { LearnedPage } from "./rooms/teach/LearnedPage";
import { LearnersPage } from "./rooms/teach/LearnersPage";
import { MinePage } from "./rooms/teach/MinePage";
import { isPane, RepeatsPage } from "./rooms/repeats/RepeatsPage";
import { Link, useAddress } from "./route/router";
import { LANGUAGES, useSpeaking, useWords } from "./words/words";

function Room({ path }: { path: string }) {
  const words = useWords();
  const [, room = "", id, more] = path.split("/");
  if (room === "" && id === undefined) return <SmearsPage />;
  if (room === "smears" && id && more === undefined) return <SmearPage key={id} id={id} />;
  if (room === "smears" && id && more === "differential") return <DifferentialPage key={id} id={id} />;
  if (room === "fields" && id && more === undefined) return <FieldPage id={id} />;
  if (room === "fields" && id && more === "locate") return <LocatePage id={id} />;
  if (room === "locate" && id === undefined) return <MisplacedPage />;
  if (room === "repeats" && id === undefined) return <RepeatsPage pane="groups" />;
  if (room === "repeats" && isPane(id) && more === undefined) return <RepeatsPage pane={id} />;
  if (room === "masks" && id === undefined) return <MasksPage />;
  if (room === "masks" && id === "cell" && more) return <OneMaskPage cell={decoded(more)} />;
  if (room === "masks" && id && more === undefined) return <MaskSheetPage key={id} id={decoded(id)} />;
  if (room === "cells" && id === undefined) return <GalleryPage />;
  if (room === "rounds" && id === undefined) return <RoundsPage />;
  if (room === "rounds" && id && more === "mine") return <MinePage key={id} id={id} />;
  if (room === "learned" && id === undefined) return <LearnedPage />;
  if (room === "learners" && id === undefined) return <LearnersPage />;
  if (room === "rounds" && id && more === undefined) return <LabelPage key={id} id={id} />;
  if (room === "agreement" && more === undefined) return <AgreementPage name={id ? decoded(id) : undefined} />;
  if (room === "adjudicate" && id === undefined) return <AdjudicationsPage />;
  if (room === "adjudicate" && id && more === undefined) return <AdjudicatePage id={decoded(id)} />;
  if (room === "curate" && id === undefined) return <CuratePage />;
  if (room === "progress" && id === undefined) return <ProgressPage />;
  if (room === "releases" && id === undefined) return <ReleasesPage />;
  if (room === "releases" && id === "new" && more === undefined) return <NewReleasePage />;
  if (room === "metadata" && id === undefined) return <MetadataPage />;
  if (room === "errata" && id === undefined) return <ErrataPage />;
  if (room === "jobs" && id === undefined) return <JobsPage />;
  if (room === "filters" && id === undefined) return <FiltersPage />;
  if (room === "filters" && id && more) return <TrainPage key={`${id} ${more}`} smear={decoded(id)} capture={decoded(more)} />;
  if (room === "capture" && id === undefined) return <CapturePage />;
  if (room === "slides" && id === undefined) return <SlidesPage />;
  if (room === "people" && id === undefined) return <PeoplePage />;
  if (room === "account" && id === undefined) return <AccountPage />;
  if (room === "signed-in" && id === undefined) return <SignedInPage />;
  if (room === "audit" && id === undefined) return <AuditPage />;
  if (room === "sign-in" && id === undefined) return <SignInPage />;
  if (room === "setup" && id === undefined) return <SetupPage />;
  if (room === "join" && id && more === undefined) return <JoinPage code={id} />;
  return (
    <Page title={words.app.notFound}>
      <p>{words.app.notFoundHint}</p>
      <Link className="button strong" href="/">
        {words.app.home}
      </Link>
    </Page>
  );
}

/** A part of an address as it was meant; one that was mistyped is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
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
const RoundsMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="9" cy="10" r="6" />
    <path d="m14 17 2.500 2.500L21.500 14" />
  </svg>
);

const AgreementMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="3.5" y="3.5" width="17" height="17" rx="1.5" />
    <path d="M3.500 9.200h17M3.500 14.800h17M9.200 3.500v17M14.800 3.500v17" />
  </svg>
);

const CurateMark = () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <rect x="4.5" y="4.500" width="15" height="16" rx="1.5" />
    <path d="M9 3h6v3H9zM8 11h2M8 15.500h2M12.500 11h4M12.500 15.500h4" />
  </svg>
);

export function App() {
  const { words, speak } = useSpeaking();
  const { path } = useAddress();
  const { session, problem } = useSession();
  // Nothing else is asked before it is clear whether whoever is here may look.
  const welcome = session !== undefined && (session.person !== null || session.guests);
  const { data: overview } = useGet("/api/overview", welcome ? {} : null);
  const stranger = session !== undefined && !welcome && !isOpenPath(path);
  useEffect(() => {
    if (stranger) toSignIn();
  }, [stranger]);
  const inCells = path.startsWith("/cells");
  const inRounds = path.startsWith("/rounds") || path === "/learned" || path === "/learners";
  const inAgreement = path.startsWith("/agreement") || path.startsWith("/adjudicate");
  const inCurate = isCurating(path);
  const labeling = /^\/rounds\/[^/]+$/.test(path) || path.startsWith("/adjudicate/") || path.startsWith("/masks/") || path.startsWith("/filters/") || /^\/fields\/[^/]+\/locate$/.test(path);
  // The Label screen has the whole window, and says the same in its own line.
  const reading = /^\/rounds\/[^/]+$/.test(path);
  const alone = useStranded();
  // Photographs are taken without a connection, too.
  const away = alone && !reading && path !== "/capture" ? session?.person : undefined;
  const atHome = path === "/" || path.startsWith("/smears") || path.startsWith("/fields");
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
        {welcome || problem ? (
          <nav className="sections" aria-label={words.app.sections}>
            <Link href="/" aria-current={atHome ? "page" : undefined}>
              <SmearsMark />
              {words.app.smears}
            </Link>
            <Link href="/cells" aria-current={inCells ? "page" : undefined}>
              <CellsMark />
              {words.app.cells}
            </Link>
            {session?.person ? (
              <Link href="/rounds" aria-current={inRounds ? "page" : undefined}>
                <RoundsMark />
                {words.label.rounds}
              </Link>
            ) : null}
            <Link href="/agreement" aria-current={inAgreement ? "page" : undefined}>
              <AgreementMark />
              {words.agreement.title}
            </Link>
            {curates(session?.person) ? (
              <Link href="/curate" aria-current={inCurate ? "page" : undefined}>
                <CurateMark />
                {words.curate.title}
              </Link>
            ) : null}
          </nav>
        ) : null}
        <span className="top-end">
          {LANGUAGES.filter(({ locale }) => locale !== words.locale).map((other) => (
            <Button key={other.locale} className="plain" onPress={() => speak(other.locale)}>
              <span lang={other.locale}>{other.name}</span>
            </Button>
          ))}
          <SignedIn />
          {labeling ? null : <KeySheet />}
        </span>
      </header>
      {reading || away ? null : <OfflineLine />}
      {away ? <AwayPage person={away} /> : welcome || isOpenPath(path) || problem ? <Room key={session?.person?.id ?? ""} path={path} /> : null}
      <SignInAgain />
    </>
  );
}
