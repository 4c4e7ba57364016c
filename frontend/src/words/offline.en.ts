/** Words of working without a network, and of handing in, in English; part of en.ts. */
const usual = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const answers = (count: number) => `${usual.format(count)} ${count === 1 ? "answer" : "answers"}`;
const entries = (count: number) => `${usual.format(count)} ${count === 1 ? "entry" : "entries"}`;
const labels = (count: number) => `${usual.format(count)} ${count === 1 ? "label" : "labels"} of the gallery`;
const boxes = (count: number) => `${usual.format(count)} ${count === 1 ? "change" : "changes"} to boxes`;
const decisions = (count: number) => `${usual.format(count)} ${count === 1 ? "decision" : "decisions"}`;
const drawings = (count: number) => `${usual.format(count)} ${count === 1 ? "cell" : "cells"} with masks`;
const wait = (count: number) => (count === 1 ? "waits" : "wait");
const cells = (count: number) => `${usual.format(count)} ${count === 1 ? "cell" : "cells"}`;
const megabytes = (bytes: number) => `${tenth.format(bytes / 1e6)} MB`;

export const offline = {
  offline: {
    as: (handle: string) => `Offline as ${handle}`,
    meaning: "What you took along can be labeled; answers are kept on this device until there is a connection.",
    nothingTaken: "Nothing was taken along on this device. With a connection, open a round and take cells along.",
    left: (count: number) => `${cells(count)} taken along`,
    label: "Label",
    again: "Is there a connection?",
    newer: "A new version of the studio is ready",
    newerMeaning: "What waits here stays where it is.",
    reload: "Reload",
    waitFor: (handles: string) => `Work of ${handles} waits on this device. It is sent when the same person signs in here.`,
    old: (count: number, since: string) => `${entries(count)} ${wait(count)} since ${since}: connect this device, or save all to a file.`,
    details: "Details",

    waitingTitle: "Not sent yet",
    allSent: "The service has everything that was given here.",
    waits: (count: number, since: string) => `${entries(count)} ${wait(count)} to be sent, the oldest from ${since}.`,
    kinds: { answer: answers, label: labels, box: boxes, decision: decisions, mask: drawings },
    sentLater: "They are sent by themselves as soon as the service answers, also when this page was closed meanwhile and is opened again.",
    otherPerson: "Somebody else is signed in in this browser now. Sign in again as the person who gave these.",
    signedOut: "You are signed out: nothing is lost, and all is sent once you sign in as the same person.",
    tryNow: "Try now",
    save: "Save all to a file",
    load: "Load from a file",
    saved: (count: number) => `${entries(count)} saved. They still wait here, too; sent twice, each counts once.`,
    loaded: (count: number) => (count === 0 ? "The file holds nothing new." : `${entries(count)} taken in from the file.`),
    notAnswers: "This file holds nothing of ours.",
    refusedTitle: (count: number) => `${entries(count)} not taken`,
    refusedWhy: (count: number, why: string) => `${usual.format(count)} not taken: ${why}`,
    refusedMeaning: "The service refused these for the reason beside each. They stay here until you let go of them.",
    refusedLine: (place: number, what: string) => `Cell ${usual.format(place)}, ${what}`,
    refusedLabel: (what: string) => `In the gallery, ${what}`,
    refusedDecision: (name: string) => `Decision: ${name}`,
    refusedMask: "Masks of a cell",
    refusedBox: (what: string) => `Box, ${what}`,
    acts: { add: "drawn", move: "moved", remove: "removed", accept: "accepted", reset: "as suggested", type: "its type" },
    andMore: (count: number) => `and ${usual.format(count)} more`,
    drop: "Remove them from this device",

    take: "Take cells along",
    takeMeaning: "The next cells without an answer come onto this device with their pictures, and can be labeled without a connection.",
    howMany: "How many",
    takeNow: (count: number) => `Take ${cells(count)}`,
    taking: (done: number, of: number) => `${usual.format(done)} of ${usual.format(of)} pictures`,
    megabytes,
    stop: "Stop",
    here: (count: number, left: number, bytes: number) => `${cells(count)} are here, ${usual.format(left)} without an answer, ${megabytes(bytes)}`,
    takenAt: (moment: string) => `Taken ${moment}`,
    notLasting: "This browser may clear them when room runs short; answers, too. Sync soon.",
    giveBack: "Give back",
    giveBackMeaning: "Clears the pictures from this device. Answers stay and are sent.",
    noRoom: "There is not enough room on this device. Take fewer, or make room.",
    noRoomFree: (bytes: number) => `There is not enough room: the browser gives ${megabytes(bytes)} more. Take fewer, or make room.`,
    takeFailed: "The pictures did not all come. Nothing was kept; try again with a better connection.",
    noneLeft: "Every cell has an answer already.",
    notSecure: "Browsers keep pages only where they came over TLS, or from this machine. Ask whoever runs the service for an https address.",
    allTaken: "All that you took along is labeled",
    allTakenHint: "The other cells come with a connection.",

    nameHint: "What is it? Others read this name beside the answer.",

    handIn: "Hand in",
    handInSure: "Hand this reading in?",
    handInMeaning: "Afterwards it stays as it is: nothing can be undone or changed. The round is closed once all readers have handed in.",
    handInReady: "Look at any cell again, or undo, as long as you like; then hand in.",
    handInLine: (total: number, answered: number) => `${cells(total)}, ${usual.format(answered)} labeled`,
    blanks: (count: number) => `${cells(count)} still without an answer`,
    noBlanks: "No cell is left out",
    blanksMeaning: "What cannot be recognized has a key of its own, too.",
    toBlank: "Go to the first one",
    unsent: (count: number) => `${answers(count)} have not reached the service yet. Handing in needs a connection.`,
    handedIn: "You have handed in this reading",
    handedInHint: "It stays as it is. What was answered is told when the round is closed.",
    cancel: "Not yet",
  },
};
