/** Words of the gallery by class, in English; part of en.ts. */
const usual = new Intl.NumberFormat("en");
const cells = (count: number) => `${usual.format(count)} ${count === 1 ? "cell" : "cells"}`;

export const sorting = {
  sorting: {
    view: "View",
    byClass: "By class",
    wall: "All together",
    classes: "Classes",
    unidentified: "Unidentified",
    grid: "Cells by class",
    tools: "Tools for sorting",
    own: "labeled by you",
    ownOf: (count: number) => `✓ ${usual.format(count)}`,
    held: "held by an open round",
    tile: (place: number, what: string) => `Cell ${usual.format(place)}, ${what}`,
    put: (count: number) => `Put ${cells(count)} under`,
    more: "All classes",
    fewer: "Fewer classes",
    confirm: (count: number) => (count === 0 ? "Confirm page" : `Confirm page (${usual.format(count)})`),
    confirmed: (count: number) => (count === 0 ? "Nothing on this page to confirm" : `${cells(count)} confirmed`),
    undo: "Undo",
    redo: "Redo",
    undone: (count: number) => `Taken back: ${cells(count)}`,
    redone: (count: number) => `Done again: ${cells(count)}`,
    page: "Choose all of the page",
    chosen: (count: number) => `${cells(count)} chosen`,
    lasso: "Draw a loop around cells",
    name: (count: number) => `Name (${usual.format(count)})…`,
    clear: "Choose nothing",
    labeled: (count: number, term: string) => `${cells(count)}: ${term}`,
    notFree: "An open round holds this, you have said so already, or it came without its photograph",
    nothing: "Point at a cell, or choose some",
    lookOnly: "Sign in as a reader to sort cells.",
    leftOut: (loaded: number, total: number) => `The first ${usual.format(loaded)} of ${usual.format(total)} cells. Filter for the others.`,
  },
};
