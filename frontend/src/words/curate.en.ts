/** Words of the page that curators go from, in English; part of en.ts. */
export const curate = {
  curate: {
    title: "Curate",
    notYours: "For curators and administrators",
    notYoursHint: "Photographs are named, cells chosen and releases sealed here. Ask a curator.",
    groups: { photographs: "Photographs", reading: "Reading", out: "Releases", studio: "The studio" },
    masks: "Choose cells whose nucleus and outline are drawn, and see how many are.",
    people: "Invite people, and see who may do what.",
    audit: "Who did what when, and whether the log is whole.",
  },
};
