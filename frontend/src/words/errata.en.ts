/** Words of the page of reported labels, in English; part of en.ts. */
const usual = new Intl.NumberFormat("en");
const n = (count: number, one: string, many: string) => `${usual.format(count)} ${count === 1 ? one : many}`;

export const errata = {
  errata: {
    title: "Reported labels",
    curate: "What readers of a release think is wrong: take reports in, answer them, have cells read again.",
    meaning:
      "The public site of a release saves such reports as files, or writes mails. A report changes no label: an accepted one sends its cell to a new round, and the next release tells what came of it.",
    takeIn: "Take reports in…",
    takingIn: "Taking in…",
    show: "Show",
    states: { all: "All reports", new: "Waiting", accepted: "Accepted", declined: "Declined" } as Record<string, string>,
    notClasses: { "not-a-leukocyte": "not a white cell", "look-again": "look again" } as Record<string, string>,
    noClass: "no class",
    none: "No reports yet",
    noneHint: "Files from the public site, or mails that hold such text, are taken in here.",
    noneSuch: "No such report",
    noneSuchHint: "Show all of them.",
    received: (kept: number, known: number, refused: number) =>
      [n(kept, "report taken in", "reports taken in"), known ? n(known, "known already", "known already") : "", refused ? n(refused, "refused", "refused") : ""].filter(Boolean).join(", "),
    report: (place: number) => `report ${usual.format(place)}`,
    openCell: "Open the cell",
    ofRelease: "Release",
    held: "This cell is being read. What was reported is told again when its round is closed.",
    by: "From",
    now: (term: string) => `In this workspace now: ${term}.`,
    newest: (version: string, label: string) => `Release ${version}: ${label}.`,
    leftOut: (version: string) => `Release ${version} left it out.`,
    readAgain: (round: string) => `Read again in the round ${round}.`,
    answered: (handle: string) => `Answered by ${handle}`,
    accept: "Accept",
    declineNow: "Decline…",
    decline: "Decline",
    why: "Why it is declined",
    cancel: "Cancel",
    takeBack: "Take the answer back",
    again: (cells: number) => `${n(cells, "cell waits", "cells wait")} to be read again`,
    againMeaning: "Two or more experts read blindly, as ever. Whoever took in or answered a report is not among them.",
    readers: "Who reads",
    openRound: "Open the round",
  },
};
